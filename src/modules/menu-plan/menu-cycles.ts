import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ApplyCycleAnswer, ApplyCycleRequest, CycleListAnswer, CycleRow, WriteCycleRequest } from '../../contract/menu-plan.js';
import { addDays, type BusinessDay } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { KitchenId } from '../../domain/kernel/ids.js';
import { Clock } from '../../infra/clock/clock.js';
import { parseJson } from '../../infra/database/columns.js';
import { isDuplicateKey, UnitOfWork } from '../../infra/database/unit-of-work.js';
import { OutOfScope } from '../../infra/http/out-of-scope.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { newId } from '../../infra/ids.js';
import { AuditTrail } from '../audit/index.js';
import { EditMenu, MenuBook, MenuScope } from '../menu/index.js';

type CycleSqlRow = Omit<CycleRow, 'trays' | 'bounds' | 'writtenAt'> & { trays: unknown; bounds: unknown; writtenAt: Date };

/** Menus kept under a name, and their way into the days to come. */
@Injectable()
export class MenuCycles {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly scope: MenuScope, private readonly menus: MenuBook, private readonly editMenu: EditMenu,
    private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  async list(staff: StaffIdentity): Promise<CycleListAnswer> {
    const rows = await this.of(await this.scope.kitchenOf(staff));
    return { rows, total: rows.length };
  }

  /** Writes the menu of this name anew. @throws DomainError MENU.DISH_UNKNOWN, MENU.FESTIVAL_TAKEN */
  async write(request: WriteCycleRequest, staff: StaffIdentity): Promise<CycleListAnswer> {
    const kitchenId = await this.scope.kitchenOf(staff);
    const own = new Set((await this.menus.dishes(kitchenId)).map(({ id }) => id));
    if (request.trays.some(({ dishIds }) => dishIds.some((id) => !own.has(id)))) throw new DomainError('MENU.DISH_UNKNOWN', 'refused');
    const { name, period, festivalDay, days, trays, bounds } = request;
    try {
      await this.unitOfWork.run(async (tx) => {
        const [existing] = await tx.query<{ id: string }[]>('SELECT id FROM menu_cycle WHERE kitchen_id = ? AND name = ? FOR UPDATE', [kitchenId, name]);
        const id = existing?.id ?? newId();
        const values = [period, festivalDay, days, JSON.stringify(trays), JSON.stringify(bounds), staff.staffId, this.clock.now()];
        if (existing === undefined) {
          await tx.query('INSERT INTO menu_cycle (id, kitchen_id, name, period, festival_day, days, trays, bounds, written_by, written_at) VALUES (?)', [[id, kitchenId, name, ...values]]);
        } else {
          await tx.query('UPDATE menu_cycle SET period = ?, festival_day = ?, days = ?, trays = ?, bounds = ?, written_by = ?, written_at = ? WHERE id = ?', [...values, id]);
        }
        await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'menu-cycle.written', objectKind: 'menu-cycle', objectId: id, outcome: 'done' }, tx);
      });
    } catch (error) {
      if (isDuplicateKey(error, 'uq_menu_cycle_festival')) throw new DomainError('MENU.FESTIVAL_TAKEN', 'conflict');
      throw error;
    }
    return this.list(staff);
  }

  /**
   * Writes the set meals of coming days: a festival's own menu on its day, else the cycle's. A set meal of which portions
   * were sent or sold, or that people go by already, stays as it is and is counted.
   *
   * @throws OutOfScope; DomainError MENU.DAY_PAST, MENU.DISH_UNKNOWN
   */
  async apply(cycleId: string, request: ApplyCycleRequest, staff: StaffIdentity): Promise<ApplyCycleAnswer> {
    const all = await this.of(await this.scope.kitchenOf(staff));
    const cycle = all.find(({ id }) => id === cycleId);
    if (cycle === undefined) throw new OutOfScope('menu-cycle', cycleId);
    const answer: ApplyCycleAnswer = { written: 0, kept: 0, festivals: [] };
    for (let ahead = 0; ahead < request.days; ahead += 1) {
      const day = addDays(request.from as BusinessDay, ahead);
      const festival = all.find((one) => one.festivalDay === day && one.period === cycle.period);
      if (festival !== undefined) answer.festivals.push({ day, name: festival.name });
      const trays = festival?.trays.filter((tray) => tray.day === 0) ?? cycle.trays.filter((tray) => tray.day === ahead % cycle.days);
      for (const { code, name, grossFen, dishIds } of trays) {
        const written = await this.editMenu.putSetMeal({ day, period: cycle.period, code, name, grossFen, dishIds }, staff).then(() => true, keptWhenFixed);
        answer[written ? 'written' : 'kept'] += 1;
      }
    }
    return answer;
  }

  private async of(kitchenId: KitchenId): Promise<CycleRow[]> {
    const rows = await this.dataSource.query<CycleSqlRow[]>(
      `SELECT id, name, period, festival_day AS festivalDay, days, trays, bounds, written_at AS writtenAt FROM menu_cycle WHERE kitchen_id = ? ORDER BY festival_day, name`, [kitchenId],
    );
    return rows.map((row) => ({ ...row, trays: parseJson<CycleRow['trays']>(row.trays), bounds: parseJson<CycleRow['bounds']>(row.bounds), writtenAt: row.writtenAt.toISOString() }));
  }
}

function keptWhenFixed(error: unknown): false {
  if (error instanceof DomainError && (error.code === 'MENU.SET_MEAL_FIXED' || error.code === 'MENU.DISH_CHANGE_NEEDED')) return false;
  throw error;
}
