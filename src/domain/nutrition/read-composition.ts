import { type Food, perNutrient } from './composition.js';

/** The columns of the usual format, in order. */
export const COMPOSITION_COLUMNS = [
  'foodCode', 'foodName', 'edible', 'water', 'energyKCal', 'energyKJ', 'protein', 'fat', 'CHO', 'dietaryFiber', 'cholesterol', 'ash',
  'vitaminA', 'carotene', 'retinol', 'thiamin', 'riboflavin', 'niacin', 'vitaminC', 'vitaminETotal', 'vitaminE1', 'vitaminE2', 'vitaminE3',
  'Ca', 'P', 'K', 'Na', 'Mg', 'Fe', 'Zn', 'Se', 'Cu', 'Mn', 'remark',
] as const;
export type CompositionColumn = (typeof COMPOSITION_COLUMNS)[number];

export const COMPOSITION_PROBLEMS = [
  'columns', 'code', 'name', 'repeated', 'not-a-number', 'glued-mark', 'two-numbers', 'negative', 'impossible',
  'shifted', 'sum-not-100', 'units-disagree', 'energy-disagrees',
] as const;

/** What is wrong, and where: `row` counts from 1 in the data, `column` is null for the whole row. */
export interface CompositionProblem {
  row: number;
  column: CompositionColumn | null;
  problem: (typeof COMPOSITION_PROBLEMS)[number];
  /** The cell as it was read, cut short. */
  text: string;
  /** row: nothing of the row is stored; cell: the value counts as not known. */
  refused: 'row' | 'cell';
}

/** What an import would store. Traces count as 0, and are named. */
export interface CompositionPreview {
  foods: Food[];
  problems: CompositionProblem[];
  traces: { row: number; column: CompositionColumn }[];
}

const NOT_MEASURED = new Set(['', '-', '--', '—', '——', '–', '―', '─', '…', '...', 'N/A', 'NA', 'un', 'UN', '未测定']);
const TRACE = new Set(['Tr', 'tr', 'TR', 'Tr.', '微量', 'φ']);
const NUMBER = /^-?\d+(\.\d+)?$/;
const CODE = /^\d{6}[\dx]?$/;
/** More than this in 100 g is no food: pure water, fat, sugar and table salt (39.3 g sodium) are within. */
const MOST: Readonly<Record<string, number>> = {
  edible: 100, water: 100, energyKCal: 902, energyKJ: 3775, protein: 100, fat: 100, CHO: 100, dietaryFiber: 100, ash: 100, cholesterol: 4000,
  vitaminA: 40_000, carotene: 200_000, retinol: 40_000, thiamin: 50, riboflavin: 50, niacin: 200, vitaminC: 3000,
  vitaminETotal: 200, vitaminE1: 200, vitaminE2: 200, vitaminE3: 200,
  Ca: 40_000, P: 20_000, K: 20_000, Na: 39_400, Mg: 5000, Fe: 1000, Zn: 300, Se: 2000, Cu: 200, Mn: 500,
};
const KJ_PER_KCAL = 4.184;
const MACROS = ['water', 'protein', 'fat', 'CHO', 'ash'] as const;

type Values = Partial<Record<CompositionColumn, number>>;

/**
 * Reads rows of the usual format, all cells text, without storing anything. A cell that cannot be a value of its column
 * counts as not known; a row that cannot be trusted as a whole is left out; both are told with row and column.
 *
 * @param rows data rows without the heading
 * @param source what the operator says the table is; the rows are unverified until someone opened it and compared
 */
export function previewComposition(rows: readonly (readonly string[])[], source: string): CompositionPreview {
  const preview: CompositionPreview = { foods: [], problems: [], traces: [] };
  const seen = new Set<string>();
  rows.forEach((cells, index) => {
    const food = readRow(cells, index + 1, source, seen, preview);
    if (food !== null) preview.foods.push(food);
  });
  return preview;
}

function readRow(cells: readonly string[], row: number, source: string, seen: Set<string>, preview: CompositionPreview): Food | null {
  const refuse = (column: CompositionColumn | null, problem: CompositionProblem['problem'], text: string): null => {
    preview.problems.push({ row, column, problem, text: text.slice(0, 40), refused: 'row' });
    return null;
  };
  if (cells.length !== COMPOSITION_COLUMNS.length) return refuse(null, 'columns', String(cells.length));
  const [code = '', name = ''] = cells.map((cell) => cell.trim());
  if (!CODE.test(code)) return refuse('foodCode', 'code', code);
  if (name === '' || NUMBER.test(name)) return refuse('foodName', 'name', name);
  if (seen.has(code)) return refuse('foodCode', 'repeated', code);
  const values = readValues(cells, row, preview);
  const total = sumOf(values);
  const addsUp = total !== null && isWhole(total, name);
  if (!addsUp && fitsWhenShifted(cells)) return refuse(null, 'shifted', String(total));
  if (total !== null && !addsUp) return refuse(null, 'sum-not-100', total.toFixed(1));
  // However much is not measured, what is known is no more than the whole.
  const known = MACROS.reduce((sum, column) => sum + (values[column] ?? 0), 0);
  if (known > MOST_WHOLE_G) return refuse(null, 'sum-not-100', known.toFixed(1));
  dropFibreAboveWhole(values, row, preview);
  seen.add(code);
  const energyKCal = checkedEnergy(values, name, row, preview);
  const edible = values.edible;
  return {
    code, name, verified: false, source, edibleShare: edible === undefined ? null : edible / 100,
    per100g: { ...perNutrient((nutrient) => values[nutrient] ?? null), energyKCal },
  };
}

/** Fibre is part of the carbohydrate. Which of the two is wrong nothing tells; the fibre is the smaller loss. */
function dropFibreAboveWhole(values: Values, row: number, preview: CompositionPreview): void {
  const { dietaryFiber, CHO } = values;
  if (dietaryFiber === undefined || CHO === undefined || dietaryFiber <= CHO) return;
  preview.problems.push({ row, column: 'dietaryFiber', problem: 'impossible', text: String(dietaryFiber), refused: 'cell' });
  delete values.dietaryFiber;
}

function readValues(cells: readonly string[], row: number, preview: CompositionPreview): Values {
  const values: Values = {};
  COMPOSITION_COLUMNS.forEach((column, place) => {
    if (column === 'foodCode' || column === 'foodName' || column === 'remark') return;
    const text = cells[place].trim();
    if (NOT_MEASURED.has(text)) return;
    if (TRACE.has(text) && column !== 'edible') {
      preview.traces.push({ row, column });
      values[column] = 0;
      return;
    }
    const problem = problemOf(text, column);
    if (problem === null) values[column] = Number(text);
    else preview.problems.push({ row, column, problem, text: text.slice(0, 40), refused: 'cell' });
  });
  return values;
}

function problemOf(text: string, column: CompositionColumn): CompositionProblem['problem'] | null {
  if (!NUMBER.test(text)) {
    if (/^\d+(\.\d+)?\s+-?\d+(\.\d+)?$/.test(text) || /^\d+\.\d+\.\d+$/.test(text)) return 'two-numbers';
    return /\d/.test(text) ? 'glued-mark' : 'not-a-number';
  }
  const value = Number(text);
  if (value < 0) return 'negative';
  return value > MOST[column] || (column === 'edible' && value === 0) ? 'impossible' : null;
}

/** What a hundred grams may add up to, with the errors of each figure. */
const MOST_WHOLE_G = 105;

/** About a hundred grams; of a wine less, because alcohol is no column. */
function isWhole(total: number, name: string): boolean {
  return total <= MOST_WHOLE_G && (total >= 90 || name.includes('酒'));
}

/** Water, protein, fat, carbohydrate and ash together; null while one of them is not known. */
function sumOf(values: Values): number | null {
  let sum = 0;
  for (const column of MACROS) {
    const value = values[column];
    if (value === undefined) return null;
    sum += value;
  }
  return sum;
}

/** The row would add up if its values stood one column further left or right. */
function fitsWhenShifted(cells: readonly string[]): boolean {
  return [-1, 1].some((by) => {
    const values: Values = {};
    for (const column of MACROS) {
      const text = cells[COMPOSITION_COLUMNS.indexOf(column) + by].trim();
      if (NUMBER.test(text)) values[column] = Number(text);
    }
    const total = sumOf(values);
    return total !== null && total >= 97 && total <= 103;
  });
}

/**
 * Energy in kcal, where it agrees with kJ and follows from protein, fat, carbohydrate and fibre (4, 9, 4 and 2 kcal a
 * gram) within 15 % and 15 kcal. Of two that disagree the one that follows is kept; alcohol holds energy of its own.
 */
function checkedEnergy(values: Values, name: string, row: number, preview: CompositionPreview): number | null {
  const { energyKCal: kcal, energyKJ: kJ } = values;
  const flag = (column: 'energyKCal' | 'energyKJ', problem: CompositionProblem['problem']): null => {
    preview.problems.push({ row, column, problem, text: String(values[column]), refused: 'cell' });
    return null;
  };
  const macros = macroEnergy(values);
  const follows = (value: number): boolean => macros === null || name.includes('酒') || Math.abs(value - macros) <= Math.max(15, macros * 0.15);
  const fromKJ = kJ === undefined ? null : Math.round(kJ / KJ_PER_KCAL);
  if (kcal === undefined || fromKJ === null || Math.abs(fromKJ - kcal) <= Math.max(3, kcal * 0.03)) {
    const energy = kcal ?? fromKJ;
    return energy === null || follows(energy) ? energy : flag(kcal === undefined ? 'energyKJ' : 'energyKCal', 'energy-disagrees');
  }
  // Without macronutrients nothing tells which of the two is wrong.
  if (macros === null || follows(kcal) === follows(fromKJ)) return flag('energyKCal', 'units-disagree');
  flag(follows(kcal) ? 'energyKJ' : 'energyKCal', 'units-disagree');
  return follows(kcal) ? kcal : fromKJ;
}

function macroEnergy({ protein, fat, CHO, dietaryFiber = 0 }: Values): number | null {
  if (protein === undefined || fat === undefined || CHO === undefined) return null;
  return 4 * protein + 9 * fat + 4 * Math.max(0, CHO - dietaryFiber) + 2 * Math.min(CHO, dietaryFiber);
}
