import { readFileSync } from 'node:fs';
import path from 'node:path';
import wabt from 'wabt';
import { FaceIndex, normalise, type GalleryEntry, type UnitVector } from '../src/domain/identity/index.js';
import { SeededRandom } from '../src/domain/kernel/seeded-random.js';
import { loadPeers } from './match/peers.js';

/**
 * `npm run bench:match -- --gallery 100000 [--seed N]`: one exact search over a gallery by every method, interleaved, and
 * the bound: a WebAssembly SIMD read of the same float32 rows.
 */
const argument = (name: string, fallback: number): number => {
  const place = process.argv.indexOf(`--${name}`);
  const value = place < 0 ? fallback : Number(process.argv[place + 1]);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} is a whole number from 1 on`);
  return value;
};
const WIDTH = 128;
const ROUNDS = 30;
const WARM_UP = 10;
const WANTED = 5;

const gallery = argument('gallery', 100_000);
const random = new SeededRandom(String(argument('seed', 1)));

/** As near to each other as this release's descriptors of different people are: cosine about 0.8 to 0.93. */
const middle = Float32Array.from({ length: WIDTH }, () => random.normal(0, 1));
const face = (): UnitVector => normalise(middle.map((value) => value + 0.42 * random.normal(0, 1)));
const again = (one: UnitVector): UnitVector => normalise(one.map((value) => value + 0.025 * random.normal(0, 1)));

const entries: GalleryEntry[] = Array.from({ length: gallery }, (_, index) => ({ personCode: String(index).padStart(8, '0'), template: face() }));
const rows = new Float32Array(gallery * WIDTH);
entries.forEach(({ template }, row) => rows.set(template, row * WIDTH));
const mates = Array.from({ length: ROUNDS + WARM_UP }, () => random.int(0, gallery - 1));
const probes = mates.map((row) => again(entries[row].template));

function plainJavaScript(probe: UnitVector): number[] {
  const best: { row: number; product: number }[] = [];
  for (let row = 0; row < gallery; row += 1) {
    let product = 0;
    for (let column = 0, at = row * WIDTH; column < WIDTH; column += 1, at += 1) product += probe[column] * rows[at];
    if (best.length === WANTED && product <= best[WANTED - 1].product) continue;
    best.push({ row, product });
    best.sort((a, b) => b.product - a.product);
    best.length = Math.min(best.length, WANTED);
  }
  return best.map(({ row }) => row);
}

async function streamingRead(): Promise<() => number> {
  const assembler = await wabt();
  const module = assembler.parseWat('read.wat', readFileSync(path.join(process.cwd(), 'bench/match/read.wat'), 'utf8'), { simd: true });
  const runtime = globalThis as unknown as { WebAssembly: {
    Memory: new (size: { initial: number }) => { buffer: ArrayBuffer };
    Module: new (bytes: Uint8Array) => object;
    Instance: new (module: object, imports: object) => { exports: { read: (at: number, end: number) => bigint } };
  } };
  const memory = new runtime.WebAssembly.Memory({ initial: Math.ceil(rows.byteLength / 65_536) });
  new Float32Array(memory.buffer).set(rows);
  const { read } = new runtime.WebAssembly.Instance(new runtime.WebAssembly.Module(module.toBinary({}).buffer), { read: { memory } }).exports;
  return () => Number(BigInt.asIntN(32, read(0, rows.byteLength)));
}

const builtMs = performance.now();
const index = FaceIndex.of(entries);
console.log(`gallery ${gallery} x ${WIDTH} float32 (${(rows.byteLength / 1e6).toFixed(1)} MB), index built in ${Math.round(performance.now() - builtMs)} ms`);
const read = await streamingRead();
const peers = loadPeers(rows, WIDTH);

const methods = new Map<string, (probe: UnitVector) => number[]>([
  ['ours', (probe) => index.nearest(probe, WANTED).map(({ personCode }) => Number(personCode))],
  ['bound', () => [read()]],
  ['plain JavaScript', plainJavaScript],
  ...[...peers].map(([name, search]): [string, (probe: UnitVector) => number[]] => [name, (probe) => search(probe, WANTED)]),
]);
const times = new Map([...methods.keys()].map((name) => [name, [] as number[]]));
const wrong = new Map([...methods.keys()].map((name) => [name, 0]));
probes.forEach((probe, round) => {
  const truth = plainJavaScript(probe);
  for (const [name, search] of methods) {
    const startedMs = performance.now();
    const found = search(probe);
    if (round >= WARM_UP) times.get(name)?.push(performance.now() - startedMs);
    if (name !== 'bound' && found.join() !== truth.join()) wrong.set(name, (wrong.get(name) ?? 0) + 1);
  }
});
const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const round = (value: number): number => Number(value.toFixed(3));
const medians = new Map([...times].map(([name, values]) => [name, round(median(values))]));
console.log(`\n${'method'.padEnd(20)}${'median ms'.padStart(12)}${'least ms'.padStart(12)}${'other answers'.padStart(16)}`);
for (const [name, values] of times) {
  console.log(`${name.padEnd(20)}${String(medians.get(name)).padStart(12)}${String(round(values[0])).padStart(12)}${(name === 'bound' ? '-' : `${wrong.get(name)} of ${probes.length}`).padStart(16)}`);
}
console.log(`Top ${WANTED} of each probe, all methods in turn, median of ${ROUNDS}. Ours reads a quarter of the bytes (rows rounded to int8 with a
bound of the rounding) and compares those rows in full that may be among the nearest, so it can lie below the bound.`);
const oursMs = medians.get('ours') ?? NaN;
const boundMs = medians.get('bound') ?? NaN;
console.log(JSON.stringify({
  gallery, oursMs, boundMs, ratio: round(oursMs / boundMs),
  peers: Object.fromEntries([...medians].filter(([name]) => name !== 'ours' && name !== 'bound')),
}));
