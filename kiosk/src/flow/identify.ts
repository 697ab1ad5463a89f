import { encodeDescriptor } from '../../../ui/face/index.js';
import * as server from '../device/server.js';
import { clickSound } from '../sense/sound.js';
import type { Kiosk } from './kiosk.js';
import { OfflineRefused } from './offline-desk.js';
import type { Candidate, Screen } from './screen.js';

/** Who holds a card, with the server's mark of it. */
interface CardHolder { readonly personCode: string; readonly maskedName: string; readonly cardMark?: string | undefined }

/** The last four digits of the phone. @param doubt who the camera thought it might be: where one of them has these digits, it is they */
export async function byDigits(kiosk: Kiosk, last4: string, doubt: readonly string[]): Promise<void> {
  if (kiosk.locked.value) return kiosk.home();
  let without = false;
  const candidates = await kiosk.asked(() => kiosk.orWithout(
    async () => (await server.identify({ kind: 'digits', last4 })).candidates, (desk) => { without = true; return desk.byDigits(last4); },
  ));
  if (candidates === undefined) return;
  const seen = candidates.filter(({ personCode }) => doubt.includes(personCode));
  const chosen = seen.length > 0 ? seen : candidates;
  const people = chosen.map((one): Candidate => ({
    maskedName: one.maskedName, claim: { kind: 'digits', last4, personCode: one.personCode, faceAgrees: seen.length > 0 },
    ...(seen.length === 0 && 'asksPin' in one && one.asksPin === true ? { asksPin: true } : {}),
  }));
  if (people.length === 0) return kiosk.show({ name: 'digits', doubt, nobody: last4, ...(without ? { without } : {}) });
  offerPeople(kiosk, people);
}

/** The secret of somebody whom digits, or the face of a guest without a turn, do not serve. Wrong ones are braked by the server. */
export async function byPin(kiosk: Kiosk, candidate: Candidate, pin: string): Promise<void> {
  const { claim } = candidate;
  if (claim.kind !== 'digits' && claim.kind !== 'roaming') return;
  const { personCode } = claim;
  const request = claim.kind === 'digits' ? { kind: 'pin', last4: claim.last4, personCode, pin } as const : { kind: 'roaming-pin', personCode, ticket: claim.ticket, pin } as const;
  const proven = await kiosk.asked(async () => (
    await kiosk.orWithout(() => server.identify(request), () => Promise.reject(new OfflineRefused('not-offered')))
  ).candidates[0] ?? null);
  if (proven === undefined) return;
  if (proven?.ticket === undefined) return kiosk.show({ name: 'pin', candidate, wrong: true });
  const kind = claim.kind === 'digits' ? 'pin' : 'roaming';
  await kiosk.thatIsMe({ maskedName: proven.maskedName, claim: { kind, personCode: proven.personCode, ticket: proven.ticket }, ...(candidate.ahead === true ? { ahead: true } : {}) });
}

/** Screens on which a card is taken; on all others it is left alone. */
const TAKES_CARDS = ['welcome', 'second', 'card', 'digits', 'not-recognised', 'is-it-you', 'gate', 'closed', 'refused', 'short', 'help'];

/** On a receipt another card begins the next one's meal; the same card again is the hand that trembles. */
function takesCard(screen: Screen, cardNo: string): boolean {
  if (screen.name !== 'done') return TAKES_CARDS.includes(screen.name);
  const claim = screen.who?.claim;
  return claim?.kind !== 'card' || claim.cardNo !== cardNo;
}

/** Whose card it is by the server, which alone knows: what the allowance makes of a card is not kept as its word. */
async function holderOf(kiosk: Kiosk, cardNo: string): Promise<CardHolder | null> {
  const holder = (await server.identify({ kind: 'card', cardNo })).candidates[0] ?? null;
  await kiosk.offline.value?.rememberCard(cardNo, holder);
  return holder;
}

/** A card or a code held to the reader. */
export async function byCard(kiosk: Kiosk, cardNo: string): Promise<void> {
  if (kiosk.locked.value || !takesCard(kiosk.screen.value, cardNo)) return;
  clickSound(); // also where the answer takes its time
  if (kiosk.gate !== null) return kiosk.gate.arrived(kiosk, { maskedName: '', claim: { kind: 'card', cardNo } });
  // Whoever holds it is not whoever has just paid: the answer is theirs, also when the receipt goes meanwhile.
  if (kiosk.screen.value.name === 'done') await kiosk.home();
  const person = await kiosk.asked(() => kiosk.orWithout(() => holderOf(kiosk, cardNo), (desk) => desk.byCard(cardNo)));
  if (person === undefined) return;
  if (person === null) return kiosk.show({ name: 'card', unknownCard: true });
  const { personCode, maskedName } = person;
  kiosk.show({ name: 'is-it-you', candidate: { maskedName, personCode, claim: { kind: 'card', cardNo } } });
}

/** Somebody who collects for a senior that has named them: the senior's digits, then their own. */
export async function byCollector(kiosk: Kiosk, last4: string, collectorLast4: string): Promise<void> {
  if (kiosk.locked.value) return kiosk.home();
  const answer = await kiosk.asked(() => kiosk.orWithout(
    () => server.identify({ kind: 'collector', last4, collectorLast4 }), () => Promise.reject(new OfflineRefused('not-offered')),
  ));
  if (answer === undefined) return;
  if (answer.candidates.length === 0) return kiosk.show({ name: 'collect', last4: null, nobody: true });
  offerPeople(kiosk, answer.candidates.map(({ personCode, maskedName }): Candidate => ({ maskedName, claim: { kind: 'collector', last4, collectorLast4, personCode } })));
}

/**
 * Somebody of another point who has given the roaming consent: the server compares with that one template. Where the
 * settings ask for a head turn it comes first, and without it nobody is looked for; whoever has chosen a secret tells it
 * where nothing but a picture speaks for them. Without network nobody is made to stand still for it.
 */
export async function byRoaming(kiosk: Kiosk, last4: string): Promise<void> {
  if (kiosk.locked.value) return kiosk.home();
  const notWithout = (): Promise<never> => Promise.reject(new OfflineRefused('not-offered'));
  if (!kiosk.online.value) return void kiosk.asked(notWithout);
  const settings = kiosk.gallery?.settings;
  if (kiosk.watcher === null || settings == null) return kiosk.show({ name: 'not-recognised', doubt: [] });
  kiosk.show({ name: 'roaming' });
  const look = await kiosk.asked(async () => await kiosk.watcher?.collect(Math.max(settings.framesNeeded, 2), 8000) ?? null);
  if (kiosk.screen.value.name !== 'roaming') return; // went another way meanwhile
  if (look == null) return kiosk.show({ name: 'not-recognised', doubt: [] });
  const turn = await kiosk.turns.guest({ last4, motion: look.motion }, kiosk.turnSettings(), (side) => kiosk.turned(side, look.seen));
  if (!['roaming', 'turn'].includes(kiosk.screen.value.name)) return;
  if (turn === 'not-done') return kiosk.show({ name: 'not-recognised', doubt: [] });
  kiosk.show({ name: 'roaming' });
  const guest = await kiosk.asked(() => kiosk.orWithout(() => server.askRoaming({
    last4, modelId: server.runningModel().id, descriptor: encodeDescriptor(look.seen), ...(turn === 'turned' && server.speaks(8) ? { turned: true } : {}),
  }), notWithout));
  if (guest === undefined) return;
  const { personCode, maskedName, ticket, asksPin } = guest;
  offerPeople(kiosk, [{ maskedName, claim: { kind: 'roaming', personCode, ticket }, ...(asksPin === true ? { asksPin } : {}) }]);
}

function offerPeople(kiosk: Kiosk, people: readonly Candidate[]): void {
  const [only] = people;
  if (people.length === 1 && only !== undefined) kiosk.show({ name: 'is-it-you', candidate: only });
  else kiosk.show({ name: 'which', candidates: people });
}
