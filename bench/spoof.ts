import { readFileSync } from 'node:fs';
import path from 'node:path';
import { demandLiveness, judgeMotion, judgeTurn, type HeadFrame } from '../src/domain/identity/index.js';
import { SeededRandom } from '../src/domain/kernel/seeded-random.js';
import { DEFAULT_RECOGNITION } from '../src/modules/faces/index.js';
import { addressOf, inBrowser } from './faces/browser.js';

/**
 * `npm run bench:spoof -- DIR [--seed N] [--people N]`: DIR holds labels.tsv (file, person, set) and pictures. Feeds of
 * presentation attacks are drawn frame by frame and shown to the product's engine, as a camera would; the product's
 * liveness rules judge the landmarks. Each face counts as recognised: what is asked is whether the instrument is noticed.
 */
const LOOK_FRAMES = DEFAULT_RECOGNITION.framesNeeded;
const TURN_FRAMES = 12;

const folder = process.argv[2];
if (folder === undefined || folder.startsWith('--')) throw new Error('npm run bench:spoof -- DIR, where DIR holds labels.tsv and the pictures');
const option = (name: string, otherwise: string): string => {
  const place = process.argv.indexOf(name);
  return place < 0 ? otherwise : process.argv[place + 1];
};
const seed = option('--seed', '1');
const labels = readFileSync(path.join(folder, 'labels.tsv'), 'utf8').trim().split('\n').slice(1).map((line) => line.trim().split('\t') as [file: string, person: string, set: string]);
const everybody = [...new Set(labels.map((label) => label[1]))].sort();
const step = Math.max(1, Math.floor(everybody.length / Number(option('--people', '12'))));
const people = everybody.filter((_, index) => index % step === 0).slice(0, Number(option('--people', '12')));

/** What came of one attack: `unseen` no face, `turn-failed` asked for a turn and refused, the others were taken as a person. */
type Outcome = 'unseen' | 'turn-failed' | 'passed-unasked' | 'passed-turn';
interface Row { attacks: number; outcomes: Record<Outcome, number>; motion: Record<string, number>; alwaysPassed: number }

const random = new SeededRandom(`spoof:${seed}`);
const rows = new Map<string, Row>();

function judge(frames: readonly (HeadFrame | null)[]): { outcome: Outcome; motion: string; alwaysPassed: boolean } {
  const seen = frames.filter((frame) => frame !== null);
  const look = seen.slice(0, LOOK_FRAMES);
  const rest = seen.slice(LOOK_FRAMES);
  if (look.length < LOOK_FRAMES) return { outcome: 'unseen', motion: 'none', alwaysPassed: false };
  const motion = judgeMotion(look);
  const side = random.int(0, 1) === 0 ? 'left' : 'right';
  const turned = judgeTurn(rest, side, look[LOOK_FRAMES - 1].atMs) === 'turned';
  const demand = demandLiveness({ riskPpm: 0, maxRiskPpm: DEFAULT_RECOGNITION.maxRiskPpm, motion, antiSpoof: null, doubtsToday: 0 });
  return { outcome: demand === 'none' ? 'passed-unasked' : turned ? 'passed-turn' : 'turn-failed', motion, alwaysPassed: turned };
}

/** Wilson's interval of a share, 95 %. */
function interval(part: number, whole: number): [number, number] {
  const z = 1.96;
  const share = part / whole;
  const middle = (share + z ** 2 / (2 * whole)) / (1 + z ** 2 / whole);
  const half = (z * Math.sqrt((share * (1 - share)) / whole + z ** 2 / (4 * whole ** 2))) / (1 + z ** 2 / whole);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

await inBrowser(folder, 'spoof-page.mjs', async (ask) => {
  for (const kind of await ask<string[]>('bench.kinds()')) {
    const row: Row = { attacks: 0, outcomes: { unseen: 0, 'turn-failed': 0, 'passed-unasked': 0, 'passed-turn': 0 }, motion: {}, alwaysPassed: 0 };
    for (const person of people) {
      const files = labels.filter((label) => label[1] === person).map(([file]) => addressOf(file));
      const frames = await ask<(HeadFrame | null)[]>(`bench.feed(${JSON.stringify(kind)}, ${JSON.stringify(kind === 'replayed film' ? files : files.slice(0, 1))}, ${LOOK_FRAMES + TURN_FRAMES}, ${random.int(1, 1_000_000)})`);
      const { outcome, motion, alwaysPassed } = judge(frames);
      row.attacks += 1;
      row.outcomes[outcome] += 1;
      row.motion[motion] = (row.motion[motion] ?? 0) + 1;
      if (alwaysPassed) row.alwaysPassed += 1;
    }
    rows.set(kind, row);
    console.log(`${kind}: ${row.attacks} feeds`);
  }
});

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
const share = (part: number, whole: number): string => {
  const [from, to] = interval(part, whole);
  return `${percent(part / whole)} [${percent(from)}, ${percent(to)}]`;
};
console.log(`\n${'instrument'.padEnd(28)}${['refused by the rules', 'no face seen', 'asked, turn failed', 'asked, turn passed', 'never asked', 'refused if always asked'].map((name) => name.padStart(25)).join('')}`);
const result: Record<string, { attacks: number; refused: number; refusedIfAlwaysAsked: number; motion: Record<string, number> }> = {};
for (const [kind, row] of rows) {
  const { attacks, outcomes } = row;
  const refused = outcomes.unseen + outcomes['turn-failed'];
  console.log(kind.padEnd(28) + [
    share(refused, attacks), ...[outcomes.unseen, outcomes['turn-failed'], outcomes['passed-turn'], outcomes['passed-unasked']].map(String), share(attacks - row.alwaysPassed, attacks),
  ].map((text) => text.padStart(25)).join(''));
  result[kind] = { attacks, refused: refused / attacks, refusedIfAlwaysAsked: (attacks - row.alwaysPassed) / attacks, motion: row.motion };
}
console.log(`\nFeeds are drawn, not filmed: no paper, no screen, no light of a dining room. Instruments of one kind by one maker, ${people.length} people: the
shares say how these rules answer to these feeds, not what an attacker would reach. No living person was filmed, so how often a
person is taken for an attack (BPCER) is not measured. A feed put in place of the camera is not noticed by any of this.`);
console.log(JSON.stringify({ kinds: result }));
