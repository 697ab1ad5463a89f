/** A dish as the planner weighs it: figures of one portion, all known. */
export interface PlannableDish {
  readonly id: string;
  readonly kind: string;
  readonly costFen: number;
  readonly energyKCal: number;
  readonly proteinG: number;
  readonly sodiumMg: number;
  /** Ingredients that count as foods of their own; oil and seasoning left out. */
  readonly foods: readonly string[];
  /** Tested for people who need soft food (IDDSI 6 or finer). */
  readonly soft: boolean;
}

/** One set meal of a day: how many dishes of each kind. */
export interface SetShape { readonly code: string; readonly slots: Readonly<Record<string, number>> }

/** What a menu must keep to. Energy, protein, sodium and cost are for one set meal; foods for a day over its set meals, and for a week. */
export interface MenuBounds {
  readonly energyLeastKCal: number;
  readonly energyMostKCal: number;
  readonly proteinLeastG: number;
  readonly sodiumMostMg: number;
  readonly costMostFen: number;
  readonly foodsADay: number;
  readonly foodsAWeek: number;
  /** Dishes a day that suit people who need soft food. */
  readonly softADay: number;
  /** Days before a dish comes again; staples may come daily. */
  readonly gapDays: number;
}

export const BOUND_NAMES = ['energy-least', 'energy-most', 'protein', 'sodium', 'cost', 'foods-day', 'foods-week', 'soft', 'gap'] as const;
export type BoundName = (typeof BOUND_NAMES)[number];

export interface MenuQuestion {
  readonly days: number;
  readonly sets: readonly SetShape[];
  readonly dishes: readonly PlannableDish[];
  readonly bounds: MenuBounds;
  /** What is decided already, by day (0 = the first) and set meal. */
  readonly fixed: readonly { day: number; code: string; dishIds: readonly string[] }[];
  /** Among equally good menus another seed finds another; the same seed finds the same. */
  readonly seed: number;
  /** The menu begins again after its last day, so that a gap also counts over the turn. */
  readonly cyclic?: boolean;
}

/** The dishes of one set meal of one day. */
export interface PlannedTray { readonly day: number; readonly code: string; readonly dishIds: readonly string[] }

const WEEK = 7;
/** Comes every day without being called a repetition. */
export const DAILY_KIND = 'staple';
/** One pot for all set meals of a day. */
export const SHARED_KINDS: ReadonlySet<string> = new Set(['soup', 'fruit']);

/** Kinds for which there are fewer dishes than the set meals of one day ask for; then no bound can be kept or relaxed. */
export function kindsLacking({ sets, dishes }: MenuQuestion): string[] {
  const wanted = new Map<string, number>();
  for (const { slots } of sets) for (const [kind, count] of Object.entries(slots)) wanted.set(kind, Math.max(wanted.get(kind) ?? 0, count));
  return [...wanted].filter(([kind, count]) => dishes.filter((dish) => dish.kind === kind).length < count).map(([kind]) => kind);
}

/** Does a gap count from the last days to the first? Not in a menu so short that its own return breaks the gap. */
export function wrapsAround(days: number, gapDays: number, cyclic: boolean): boolean {
  return cyclic && days > gapDays;
}

/** The first decided dish that cannot stand where it was put: its figures are not known, its day is not planned, or its set meal has no place of its kind left. */
export function fixedWithoutPlace({ days, fixed, sets, dishes }: Pick<MenuQuestion, 'days' | 'fixed' | 'sets' | 'dishes'>): { dishId: string; why: 'figures' | 'place' } | null {
  const kinds = new Map(dishes.map(({ id, kind }) => [id, kind]));
  const trays = new Map<string, { left: Map<string, number>; on: Set<string> }>();
  for (const { day, code, dishIds } of fixed) {
    const slots = day < days ? sets.find((set) => set.code === code)?.slots : undefined;
    const tray = trays.get(`${day}/${code}`) ?? { left: new Map(Object.entries(slots ?? {})), on: new Set<string>() };
    trays.set(`${day}/${code}`, tray);
    for (const dishId of dishIds.filter((id) => !tray.on.has(id))) {
      const kind = kinds.get(dishId);
      if (kind === undefined) return { dishId, why: 'figures' };
      if ((tray.left.get(kind) ?? 0) < 1) return { dishId, why: 'place' };
      tray.left.set(kind, (tray.left.get(kind) ?? 0) - 1);
      tray.on.add(dishId);
    }
  }
  return null;
}

/**
 * The menu as a mixed-integer program in the LP format that solvers read: x_<day>_<set>_<dish> is 1 where the dish is on the
 * tray. The cheapest menu within the bounds; a seeded trifle decides between equals.
 *
 * @param elastic every bound may be broken at a price: for a question without an answer it tells which bounds are in the way
 */
export function menuProgram(question: MenuQuestion, elastic = false): string {
  const program = new Program(question, elastic);
  return program.text();
}

class Program {
  private readonly rows: string[] = [];
  private readonly slacks: string[] = [];
  private readonly foods: string[];

  constructor(private readonly question: MenuQuestion, private readonly elastic: boolean) {
    this.foods = [...new Set(question.dishes.flatMap((dish) => dish.foods))].sort();
  }

  text(): string {
    this.shape();
    this.figures();
    this.variety();
    this.repetition();
    const { dishes } = this.question;
    const scale = this.elastic ? 0.001 : 1;
    const cost = this.cells().map(({ name, dish }) => `${number((dishes[dish].costFen + trifle(this.question.seed, name)) * scale)} ${name}`);
    const binaries = this.cells().map(({ name }) => name);
    const used = this.usedNames();
    return [
      'Minimize', ` obj: ${wrap([...cost, ...this.slacks.map((name) => `1000 ${name}`)])}`, 'Subject To', ...this.rows,
      'Bounds', ...used.map((name) => ` 0 <= ${name} <= 1`), ...this.slacks.map((name) => ` ${name} >= 0`), 'Binary', ` ${wrap(binaries, ' ')}`, 'End', '',
    ].join('\n');
  }

  private cells(day?: number, set?: number): { name: string; dish: number; day: number; set: number }[] {
    const { days, sets, dishes } = this.question;
    const cells: { name: string; dish: number; day: number; set: number }[] = [];
    for (let d = 0; d < days; d += 1) {
      if (day !== undefined && d !== day) continue;
      sets.forEach(({ slots }, s) => {
        if (set !== undefined && s !== set) return;
        dishes.forEach(({ kind }, dish) => { if ((slots[kind] ?? 0) > 0) cells.push({ name: `x_${d}_${s}_${dish}`, dish, day: d, set: s }); });
      });
    }
    return cells;
  }

  private usedNames(): string[] {
    const names: string[] = [];
    for (let d = 0; d < this.question.days; d += 1) this.foods.forEach((_, food) => names.push(`y_${d}_${food}`));
    for (let w = 0; w < this.weeks(); w += 1) this.foods.forEach((_, food) => names.push(`z_${w}_${food}`));
    return names;
  }

  private weeks(): number {
    return Math.floor(this.question.days / WEEK);
  }

  private row(name: string, terms: readonly string[], relation: '<=' | '>=' | '=', limit: number, bound: BoundName | null): void {
    const left = terms.length === 0 ? ['0 x_0_0_0'] : [...terms];
    if (this.elastic && bound !== null) {
      const slack = `s_${name}`;
      this.slacks.push(slack);
      // A slack of one is one hundredth of the bound, so that bounds of different size are broken at like prices.
      left.push(`${relation === '<=' ? '-' : ''}${number(Math.max(limit, 1) / 100)} ${slack}`);
    }
    this.rows.push(` ${name}: ${wrap(left)} ${relation} ${number(limit)}`);
  }

  private shape(): void {
    const { days, sets, dishes, fixed } = this.question;
    for (let d = 0; d < days; d += 1) {
      sets.forEach(({ code, slots }, s) => {
        const cells = this.cells(d, s);
        for (const [kind, count] of Object.entries(slots).filter(([, wanted]) => wanted > 0)) {
          this.row(`shape_${d}_${s}_${Object.keys(slots).indexOf(kind)}`, cells.filter(({ dish }) => dishes[dish].kind === kind).map(({ name }) => name), '=', count, null);
        }
        const decided = new Set(fixed.filter((one) => one.day === d && one.code === code).flatMap(({ dishIds }) => dishIds));
        for (const { name, dish } of cells.filter((cell) => decided.has(dishes[cell.dish].id))) this.row(`fix_${d}_${s}_${dish}`, [name], '=', 1, null);
      });
    }
  }

  private figures(): void {
    const { days, sets, dishes, bounds } = this.question;
    const of = (d: number, s: number, figure: (dish: PlannableDish) => number): string[] => this.cells(d, s).map(({ name, dish }) => `${number(figure(dishes[dish]))} ${name}`);
    for (let d = 0; d < days; d += 1) {
      sets.forEach((_, s) => {
        this.row(`energy-least_${d}_${s}`.replace('-', '.'), of(d, s, (dish) => dish.energyKCal), '>=', bounds.energyLeastKCal, 'energy-least');
        this.row(`energy-most_${d}_${s}`.replace('-', '.'), of(d, s, (dish) => dish.energyKCal), '<=', bounds.energyMostKCal, 'energy-most');
        this.row(`protein_${d}_${s}`, of(d, s, (dish) => dish.proteinG), '>=', bounds.proteinLeastG, 'protein');
        this.row(`sodium_${d}_${s}`, of(d, s, (dish) => dish.sodiumMg), '<=', bounds.sodiumMostMg, 'sodium');
        this.row(`cost_${d}_${s}`, of(d, s, (dish) => dish.costFen), '<=', bounds.costMostFen, 'cost');
      });
      this.row(`soft_${d}_0`, this.cells(d).filter(({ dish }) => dishes[dish].soft).map(({ name }) => name), '>=', bounds.softADay, 'soft');
    }
  }

  /** y is at most what is on the trays, so the sum of y counts each food once. */
  private variety(): void {
    const { days, dishes, bounds } = this.question;
    for (let d = 0; d < days; d += 1) {
      const cells = this.cells(d);
      this.foods.forEach((food, f) => {
        const holding = cells.filter(({ dish }) => dishes[dish].foods.includes(food)).map(({ name }) => `-1 ${name}`);
        this.row(`use_${d}_${f}`, [`1 y_${d}_${f}`, ...holding], '<=', 0, null);
      });
      this.row(`foods.day_${d}_0`, this.foods.map((_, f) => `1 y_${d}_${f}`), '>=', bounds.foodsADay, 'foods-day');
    }
    for (let w = 0; w < this.weeks(); w += 1) {
      this.foods.forEach((_, f) => {
        this.row(`week_${w}_${f}`, [`1 z_${w}_${f}`, ...Array.from({ length: WEEK }, (__, day) => `-1 y_${w * WEEK + day}_${f}`)], '<=', 0, null);
      });
      this.row(`foods.week_${w}_0`, this.foods.map((_, f) => `1 z_${w}_${f}`), '>=', bounds.foodsAWeek, 'foods-week');
    }
  }

  /** A dish stands on one tray of a day at most (a soup on all of them), and comes again only after the gap; staples come daily. */
  private repetition(): void {
    const { days, dishes, bounds, cyclic = false } = this.question;
    const span = Math.min(bounds.gapDays + 1, days);
    const wraps = wrapsAround(days, bounds.gapDays, cyclic);
    const apart = (one: number, other: number): number => { const ahead = Math.abs(other - one); return wraps ? Math.min(ahead, days - ahead) : ahead; };
    dishes.forEach(({ kind }, dish) => {
      if (kind === DAILY_KIND) return;
      const cells = this.cells().filter((cell) => cell.dish === dish);
      if (SHARED_KINDS.has(kind)) {
        for (const one of cells) {
          for (const other of cells.filter(({ day }) => day > one.day && apart(one.day, day) <= bounds.gapDays)) {
            this.row(`gap_${one.day}_${dish}.${one.set}.${other.day}.${other.set}`, [one.name, other.name], '<=', 1, 'gap');
          }
        }
        return;
      }
      for (let from = 0; wraps ? from < days : from + span <= days; from += 1) {
        const names = cells.filter(({ day }) => (day - from + days) % days < span).map(({ name }) => name);
        if (names.length > 1) this.row(`gap_${from}_${dish}`, names, '<=', 1, 'gap');
      }
    });
  }
}

/** A cost of less than a tenth of a fen that depends on seed and place alone. */
function trifle(seed: number, name: string): number {
  let hash = seed >>> 0;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 2654435761) >>> 0;
  return (hash % 1000) / 10_000;
}

function number(value: number): string {
  return String(Math.round(value * 10_000) / 10_000);
}

/** Terms joined in lines that no reader cuts off. */
function wrap(terms: readonly string[], joint = ' + '): string {
  const lines: string[] = [];
  for (let at = 0; at < terms.length; at += 12) lines.push(terms.slice(at, at + 12).join(joint));
  return lines.join(`${joint}\n  `).replaceAll('+ -', '- ');
}
