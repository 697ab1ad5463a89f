import { Injectable } from '@nestjs/common';
import type { DishKind } from '../../contract/menu.js';
import type { MeasureMenuAnswer, MeasureMenuRequest, SolveMenuAnswer, SolveMenuRequest } from '../../contract/menu-plan.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import type { KitchenId } from '../../domain/kernel/ids.js';
import { brokenBounds, fixedWithoutPlace, kindsLacking, measureMenu, menuProgram, type MenuQuestion, type PlannableDish, readMenu } from '../../domain/menu-planning/index.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { MenuBook, MenuScope } from '../menu/index.js';
import { costOf, foodsOf, nutritionOf, RecipeBook } from '../nutrition/index.js';
import { DishTextures } from './dish-textures.query.js';
import { MenuSolver } from './menu-solver.js';

const SOFT_LEVEL = 6;
type LeftOut = SolveMenuAnswer['leftOut'][number];

/** Fills a menu within its bounds, or says which of them are in the way; measures one that is written by hand. */
@Injectable()
export class PlanMenu {
  constructor(
    private readonly scope: MenuScope, private readonly menus: MenuBook, private readonly recipes: RecipeBook, private readonly textures: DishTextures, private readonly solver: MenuSolver,
  ) {}

  /** @throws DomainError MENU.DISH_UNKNOWN for a fixed dish of another kitchen, MENU.FIXED_FIGURES and MENU.FIXED_PLACE for one that cannot stand where it was put */
  async execute(request: SolveMenuRequest, staff: StaffIdentity): Promise<SolveMenuAnswer> {
    const kitchenId = await this.scope.kitchenOf(staff);
    const { dishes, leftOut, known } = await this.dishes(kitchenId);
    if (request.fixed.some(({ dishIds }) => dishIds.some((id) => !known.has(id)))) throw new DomainError('MENU.DISH_UNKNOWN', 'refused');
    const { days, sets, bounds, fixed, seed, cyclic } = request;
    const question: MenuQuestion = {
      days, bounds, fixed, seed, cyclic, dishes, sets: sets.map(({ code, slots }) => ({ code, slots: Object.fromEntries(Object.entries(slots).filter(([, count]) => (count ?? 0) > 0)) })),
    };
    const stuck = fixedWithoutPlace(question);
    if (stuck !== null) throw new DomainError(stuck.why === 'figures' ? 'MENU.FIXED_FIGURES' : 'MENU.FIXED_PLACE', 'refused', { dish: known.get(stuck.dishId) ?? '' });
    const lackingKinds = kindsLacking(question) as DishKind[];
    if (lackingKinds.length > 0) return { state: 'lacking', trays: [], states: [], binding: [], lackingKinds, leftOut };
    const solved = await this.solver.solve(menuProgram(question));
    const strict = solved.found ? solved : null;
    const answer = strict ?? await this.solver.solve(menuProgram(question, true));
    const valueOf = (name: string): number => answer.values.get(name) ?? 0;
    const trays = answer.found ? readMenu(question, valueOf).map((tray) => ({ ...tray, dishIds: [...tray.dishIds] })) : [];
    return {
      state: strict === null ? 'infeasible' : 'solved', trays, states: measureMenu(trays, dishes, bounds, cyclic ? days : null), lackingKinds, leftOut,
      binding: strict === null ? brokenBounds(question, [...answer.values.keys()], valueOf) : [],
    };
  }

  async measure({ trays, bounds, cycleDays }: MeasureMenuRequest, staff: StaffIdentity): Promise<MeasureMenuAnswer> {
    const { dishes, leftOut } = await this.dishes(await this.scope.kitchenOf(staff));
    const used = new Set(trays.flatMap(({ dishIds }) => dishIds));
    return { states: measureMenu(trays, dishes, bounds, cycleDays), unknown: leftOut.filter(({ id }) => used.has(id)) };
  }

  /** A dish whose figures are not all known is left out by name: an unknown is never taken for nothing. */
  private async dishes(kitchenId: KitchenId): Promise<{ dishes: PlannableDish[]; leftOut: LeftOut[]; known: ReadonlyMap<string, string> }> {
    const all = await this.menus.dishes(kitchenId);
    const [recipes, textures] = await Promise.all([this.recipes.recipes(all.map(({ id }) => id)), this.textures.of(kitchenId)]);
    const leftOut: LeftOut[] = [];
    const dishes = all.flatMap(({ id, name, kind }): PlannableDish[] => {
      const recipe = recipes.get(id);
      const out = (why: LeftOut['why']): PlannableDish[] => { leftOut.push({ id, name, why }); return []; };
      if (recipe === undefined) return out('no-recipe');
      const { costFen } = costOf(recipe);
      if (costFen === null) return out('no-price');
      const { energyKCal, protein, Na } = nutritionOf(recipe).amounts;
      if (energyKCal.amount === null || protein.amount === null || Na.amount === null) return out('unknown-nutrient');
      return [{
        id, kind, costFen, energyKCal: energyKCal.amount, proteinG: protein.amount, sodiumMg: Na.amount, foods: [...new Set(foodsOf(recipe.lines))], soft: (textures.get(id) ?? 7) <= SOFT_LEVEL,
      }];
    });
    return { dishes, leftOut, known: new Map(all.map(({ id, name }) => [id, name])) };
  }
}
