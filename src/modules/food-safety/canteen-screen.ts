import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { CanteenAnswer, SetSeatsRequest } from '../../contract/food-safety.js';
import { type BusinessDay, minuteOfDay } from '../../domain/kernel/business-day.js';
import type { PointId } from '../../domain/kernel/ids.js';
import { type MealPeriod, servedNowOrNext } from '../../domain/kernel/meal-period.js';
import { saltG, takenNutrition } from '../../domain/nutrition/index.js';
import { Clock } from '../../infra/clock/clock.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { MenuBook, MenuDirectory } from '../menu/index.js';
import { DishPhotos, nutritionOf, RecipeBook, unknownNutrition } from '../nutrition/index.js';
import { PointScope, SiteDirectory } from '../sites/index.js';

/** The screen on the wall of a point: dishes of the meal that is served now or next with what they contain, what is left, and free seats. */
@Injectable()
export class CanteenScreen {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly scope: PointScope, private readonly sites: SiteDirectory,
    private readonly menus: MenuBook, private readonly offers: MenuDirectory, private readonly recipes: RecipeBook, private readonly photos: DishPhotos, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  /** @throws DomainError REQUEST.NOT_FOUND outside the scope */
  async show(pointId: string, staff: StaffIdentity): Promise<CanteenAnswer> {
    await this.scope.narrowed(staff, pointId);
    const point = await this.sites.point(pointId as PointId);
    const day = this.clock.today();
    const period = servedNowOrNext(await this.sites.mealServices(pointId as PointId), minuteOfDay(this.clock.now()));
    const [menu, offers] = await Promise.all([this.menus.planned(point.kitchenId, day, period), this.offers.offers(pointId as PointId, day, period)]);
    const all = menu.sets.flatMap(({ dishes }) => dishes);
    const [changed, nutrition, photos] = await Promise.all([this.changed(point.kitchenId, day, period), this.nutrition(all), this.photos.among(all.map(({ id }) => id))]);
    return {
      pointName: point.name, day, period, asOf: this.clock.now().toISOString(),
      sets: menu.sets.map(({ code, name, grossFen, dishes }) => ({
        code, name, grossFen, left: offers.find((offer) => offer.code === code)?.portionsLeft ?? 0, nutrition: nutrition(dishes),
        dishes: dishes.map((dish) => ({ dishId: dish.id, hasPhoto: photos.has(dish.id), name: dish.name, allergens: [...dish.allergens], dietTags: [...dish.dietTags], insteadOf: changed.get(`${code}/${dish.id}`) ?? null })),
      })),
      seats: await this.seats(pointId),
    };
  }

  /** @throws DomainError REQUEST.NOT_FOUND outside the scope */
  async setSeats(pointId: string, { seats, stayMin }: SetSeatsRequest, staff: StaffIdentity): Promise<CanteenAnswer> {
    await this.scope.narrowed(staff, pointId);
    await this.unitOfWork.run(async (tx) => {
      await tx.query(
        'INSERT INTO point_seat (point_id, seats, stay_min, set_by, set_at) VALUES (?) ON DUPLICATE KEY UPDATE seats = VALUES(seats), stay_min = VALUES(stay_min), set_by = VALUES(set_by), set_at = VALUES(set_at)',
        [[pointId, seats, stayMin, staff.staffId, this.clock.now()]],
      );
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'seats.set', objectKind: 'point', objectId: pointId, outcome: 'done', detail: { seats, stayMin } }, tx);
    });
    return this.show(pointId, staff);
  }

  /** Dishes that stand in for others at this meal, as `<set code>/<dish id>` with the name of the one that was planned. */
  private async changed(kitchenId: string, day: BusinessDay, period: MealPeriod): Promise<Map<string, string>> {
    const rows = await this.dataSource.query<{ codes: string; dishId: string; name: string }[]>(
      `SELECT c.set_codes AS codes, c.substitute_id AS dishId, f.name FROM dish_change c JOIN dish f ON f.id = c.dish_id
       WHERE c.kitchen_id = ? AND c.business_day = ? AND c.period = ? AND c.state = 'done' ORDER BY c.decided_at`, [kitchenId, day, period],
    );
    return new Map(rows.flatMap(({ codes, dishId, name }) => codes.split(',').map((code) => [`${code}/${dishId}`, name] as const)));
  }

  /** What a tray holds; a figure that one of its dishes lacks is null, never too small. */
  private async nutrition(dishes: readonly { id: string; name: string }[]): Promise<(tray: readonly { id: string; name: string }[]) => CanteenAnswer['sets'][number]['nutrition']> {
    const recipes = await this.recipes.recipes([...new Set(dishes.map(({ id }) => id))]);
    return (tray) => {
      const { amounts } = takenNutrition(tray.map(({ id, name }) => {
        const recipe = recipes.get(id);
        return { portions: 1, nutrition: recipe === undefined ? unknownNutrition(name) : nutritionOf(recipe) };
      }));
      const { energyKCal, protein, Na } = amounts;
      return {
        energyKCal: rounded(energyKCal.amount, 0), proteinG: rounded(protein.amount, 0), saltG: rounded(Na.amount === null ? null : saltG(Na.amount), 1),
        verified: energyKCal.verified && protein.verified && Na.verified,
      };
    };
  }

  private async seats(pointId: string): Promise<CanteenAnswer['seats']> {
    const [row] = await this.dataSource.query<{ seats: number; stayMin: number }[]>('SELECT seats, stay_min AS stayMin FROM point_seat WHERE point_id = ?', [pointId]);
    if (row === undefined) return null;
    const [sitting] = await this.dataSource.query<{ count: string }[]>(
      "SELECT COUNT(*) AS count FROM meal WHERE business_day = ? AND point_id = ? AND channel = 'eat-in' AND sold_at > ?",
      [this.clock.today(), pointId, new Date(this.clock.now().getTime() - row.stayMin * 60_000)],
    );
    return { ...row, freeSeats: Math.max(0, row.seats - Number(sitting?.count ?? 0)) };
  }
}

function rounded(value: number | null, digits: number): number | null {
  return value === null ? null : Math.round(value * 10 ** digits) / 10 ** digits;
}
