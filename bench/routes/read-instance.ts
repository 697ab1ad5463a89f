import { readFileSync } from 'node:fs';
import type { TourProblem } from '../../src/domain/routing/search/tour-problem.js';

/** A public instance as a tour problem; `unit` is what one unit of the published cost is in the problem's whole numbers. */
export interface Instance {
  readonly problem: TourProblem;
  readonly unit: number;
}

interface Raw {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly demand: readonly number[];
  readonly capacity: number;
  readonly windows: readonly (readonly [number, number])[] | null;
  readonly service: readonly number[];
}

/**
 * Reads CVRPLIB .vrp files (with a TIME_WINDOW_SECTION those of Gehring and Homberger) and Solomon's .txt files.
 * Without windows distances are rounded to the nearest integer; with windows truncated to one decimal, for cost and
 * travel alike, and counted in tenths.
 */
export function readInstance(file: string): Instance {
  const text = readFileSync(file, 'utf8');
  const raw = /^\s*CUST NO/m.test(text) ? readSolomon(text) : readVrp(text);
  const unit = raw.windows === null ? 1 : 10;
  const size = raw.x.length;
  const distance = new Int32Array(size * size);
  for (let from = 0; from < size; from += 1) {
    for (let to = 0; to < size; to += 1) {
      const straight = Math.sqrt((raw.x[from] - raw.x[to]) ** 2 + (raw.y[from] - raw.y[to]) ** 2);
      distance[from * size + to] = raw.windows === null ? Math.round(straight) : Math.floor(straight * 10);
    }
  }
  const scaled = (values: readonly number[]): Int32Array => Int32Array.from(values, (value) => Math.round(value * unit));
  return {
    unit,
    problem: {
      size, cost: distance, demand: Int32Array.from(raw.demand), capacity: raw.capacity,
      times: raw.windows === null ? null : {
        travel: distance, service: scaled(raw.service),
        opens: scaled(raw.windows.map(([opens]) => opens)), closes: scaled(raw.windows.map(([, closes]) => closes)),
      },
    },
  };
}

function readSolomon(text: string): Raw {
  const numbers = (line: string): number[] => line.trim().split(/\s+/).map(Number);
  const lines = text.split(/\r?\n/);
  const capacity = numbers(lines[lines.findIndex((line) => /CAPACITY/.test(line)) + 1])[1];
  const rows = lines.slice(lines.findIndex((line) => /CUST NO/.test(line)) + 1).filter((line) => line.trim() !== '').map(numbers);
  const column = (index: number): number[] => rows.map((row) => row[index]);
  return {
    capacity, x: column(1), y: column(2), demand: column(3), service: column(6),
    windows: rows.map((row) => [row[4], row[5]]),
  };
}

function readVrp(text: string): Raw {
  const fields = new Map<string, string>();
  const sections = new Map<string, number[][]>();
  let open: number[][] | null = null;
  for (const line of text.split(/\r?\n/).map((one) => one.trim()).filter((one) => one !== '')) {
    const field = /^([A-Z_]+)\s*:\s*(.*)$/.exec(line);
    if (field !== null) fields.set(field[1], field[2]);
    else if (/^[A-Z_]+$/.test(line)) sections.set(line, open = []);
    else open?.push(line.split(/\s+/).map(Number));
  }
  const section = (name: string): number[][] => {
    const rows = sections.get(name);
    if (rows === undefined) throw new Error(`no ${name}`);
    return rows;
  };
  const places = section('NODE_COORD_SECTION');
  const service = sections.get('SERVICE_TIME_SECTION')?.map((row) => row[1])
    ?? places.map((_, index) => (index === 0 ? 0 : Number(fields.get('SERVICE_TIME') ?? 0)));
  return {
    capacity: Number(fields.get('CAPACITY')), x: places.map((row) => row[1]), y: places.map((row) => row[2]),
    demand: section('DEMAND_SECTION').map((row) => row[1]), service,
    windows: sections.get('TIME_WINDOW_SECTION')?.map((row) => [row[1], row[2]] as const) ?? null,
  };
}
