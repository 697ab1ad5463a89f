import type { GateAnswer, GateRequest } from '../../../src/contract/seats.js';
import { choosePort } from '../scale/ports.js';
import { SerialRelay, SimulatedRelay, type GateRelay } from '../scale/gate-relay.js';
import { paidSound } from '../sense/sound.js';
import type { Candidate, Screen } from './screen.js';

const STORED = 'rehufan.gate';
const STORED_SECONDS = 'rehufan.gate-open-s';
/** Somebody with a walker needs so long from the reader through the door; `?gate-open=12` once at the set-up sets another time. */
const OPEN_S = 8;
const [SHORTEST_S, LONGEST_S] = [3, 30];
const KINDS = ['relay', 'simulated', 'watched'] as const;
type GateKind = (typeof KINDS)[number];
const SHOWN_MS = 5000;
/** Whoever was let in and stands in the door for longer is asked about anew. */
const LET_IN_MS = 30_000;

function kindOf(chosen: string | null): GateKind | null {
  try {
    if (chosen === 'none') localStorage.removeItem(STORED);
    else if (chosen !== null) localStorage.setItem(STORED, chosen);
    return KINDS.find((one) => one === localStorage.getItem(STORED)) ?? null;
  } catch {
    return KINDS.find((one) => one === chosen) ?? null;
  }
}

/** For how long the door is held open, in seconds; what is no such number leaves what was set. */
function openSecondsOf(chosen: string | null): number {
  const fits = (text: string | null): boolean => text !== null && /^\d{1,2}$/.test(text) && Number(text) >= SHORTEST_S && Number(text) <= LONGEST_S;
  try {
    if (chosen !== null && fits(chosen)) localStorage.setItem(STORED_SECONDS, chosen);
    const stored = localStorage.getItem(STORED_SECONDS);
    return fits(stored) ? Number(stored) : OPEN_S;
  } catch {
    return fits(chosen) ? Number(chosen) : OPEN_S;
  }
}

function requestOf(claim: Candidate['claim']): GateRequest | null {
  if (claim.kind === 'face') return { kind: 'face', personCode: claim.personCode };
  return claim.kind === 'card' ? { kind: 'card', cardNo: claim.cardNo } : null;
}

const questionOf = (request: GateRequest): string => (request.kind === 'card' ? `card ${request.cardNo}` : 'face');

/** What the gate needs of the machine that it stands in. */
interface Machine {
  readonly screen: { readonly value: Screen };
  show(screen: Screen): void;
  askGate(request: GateRequest): Promise<GateAnswer>;
}

/**
 * The gate of the reserved zone, where this machine stands beside one: `?gate=relay` once at the set-up, `watched` where a
 * person opens, `none` to take it off. Such a machine sells nothing.
 */
export class GateDesk {
  private relay: GateRelay | null = null;
  private showing = 0;
  /** Open questions: of faces one at a time, and each card that was held there. */
  private readonly asking = new Set<string>();
  private inView: string | null = null;
  /** What was answered for the face in view. */
  private last: { readonly opens: boolean; readonly atMs: number } | null = null;

  /** A seat was given to somebody who was not in view when the answer came, be it for one look. */
  private owed: { readonly personCode: string; readonly answer: GateAnswer; readonly atMs: number } | null = null;

  /** The card that opened last: held there again while its holder walks, it keeps the door open and takes no second seat. */
  private card: { readonly cardNo: string; readonly atMs: number } | null = null;

  private constructor(private readonly kind: GateKind, private readonly openForMs: number) {}

  /** @returns null for a machine that sells */
  static chosen(wanted: string | null, openSeconds: string | null = null): GateDesk | null {
    const kind = kindOf(wanted);
    return kind === null ? null : new GateDesk(kind, openSecondsOf(openSeconds) * 1000);
  }

  /** This gate has a board on a serial port. */
  get usesPort(): boolean {
    return this.kind === 'relay';
  }

  get isConnected(): boolean {
    return this.relay !== null;
  }

  /** A member of staff has pressed to choose the port of the board. @returns whether there is one now */
  async choose(): Promise<boolean> {
    if (await choosePort('gate')) {
      await this.relay?.close();
      this.relay = await SerialRelay.connect();
    }
    return this.isConnected;
  }

  /** Told of each look that says who stands there; null: nobody, or somebody who is not known. */
  sees(personCode: string | null): void {
    if (personCode !== this.inView) this.last = null;
    this.inView = personCode;
  }

  /**
   * Asks for whoever stands there, by face or card, and opens by what the server says; without an answer a person opens. One
   * question of a face at a time, and a card does not wait for it; a face that stands there still is not asked about again, and
   * for one that was let in the door stays open.
   */
  async arrived(machine: Machine, { claim }: Candidate): Promise<void> {
    const request = requestOf(claim);
    if (request === null || this.isAnswered(request)) return;
    const answer = this.takeOwed(request) ?? await this.ask(machine, request);
    if (request.kind === 'face' && this.inView !== request.personCode) return this.owe(request.personCode, answer);
    const opens = answer?.decision === 'open' && await this.open();
    this.remember(request, opens);
    if (opens) paidSound();
    // A door that was not told to open is a person's to open, whatever the server said.
    const decision = answer === null || (answer.decision === 'open' && !opens) ? 'no-answer' : answer.decision;
    this.tell(machine, { name: 'gate', decision, freeSeats: answer?.freeSeats ?? null });
  }

  private remember(request: GateRequest, opens: boolean): void {
    const atMs = performance.now();
    if (request.kind === 'face') this.last = { opens, atMs };
    else this.card = opens ? { cardNo: request.cardNo, atMs } : null;
  }

  /** The answer is for somebody who has stepped aside, or whom one look did not show. */
  private owe(personCode: string, answer: GateAnswer | null): void {
    if (answer?.decision === 'open') this.owed = { personCode, answer, atMs: performance.now() };
  }

  private async ask(machine: Machine, request: GateRequest): Promise<GateAnswer | null> {
    const key = questionOf(request);
    this.asking.add(key);
    return machine.askGate(request).catch(() => null).finally(() => this.asking.delete(key));
  }

  /** What was answered for this very person a moment ago, when a look did not show them. */
  private takeOwed(request: GateRequest): GateAnswer | null {
    const { owed } = this;
    if (request.kind !== 'face' || owed === null) return null;
    this.owed = null;
    return owed.personCode === request.personCode && performance.now() - owed.atMs <= SHOWN_MS ? owed.answer : null;
  }

  /** Whether a question is open, or it is known what holds for the face that stands there; the door of one that was let in stays open. */
  private isAnswered(request: GateRequest): boolean {
    if (request.kind === 'face') this.sees(request.personCode);
    if (this.asking.has(questionOf(request))) return true;
    if (request.kind === 'card') return this.isHeldOpen(request.cardNo);
    const { last } = this;
    if (last === null || performance.now() - last.atMs > (last.opens ? LET_IN_MS : SHOWN_MS)) return false;
    if (last.opens) void this.open().then((told) => { if (!told) this.last = null; });
    return true;
  }

  /** Whoever opened by card and is still on the way through: the door stays open. */
  private isHeldOpen(cardNo: string): boolean {
    const { card } = this;
    if (card === null || card.cardNo !== cardNo || performance.now() - card.atMs > LET_IN_MS) return false;
    void this.open().then((told) => { if (!told) this.card = null; });
    return true;
  }

  private tell(machine: Machine, screen: Extract<Screen, { name: 'gate' }>): void {
    machine.show(screen);
    this.showing += 1;
    const mine = this.showing;
    setTimeout(() => {
      if (mine === this.showing && machine.screen.value.name === 'gate') machine.show({ ...screen, decision: null });
    }, SHOWN_MS);
  }

  /** Tells the door; a board that does not answer is connected anew once. @returns whether it was told, or a person opens here anyway */
  private async open(): Promise<boolean> {
    if (this.kind === 'watched') return true;
    for (let tries = 0; tries < 2; tries += 1) {
      this.relay ??= this.kind === 'simulated' ? Object.assign(window, { rehufanGate: new SimulatedRelay() }).rehufanGate : await SerialRelay.connect();
      if (await this.relay?.open(this.openForMs) === true) return true;
      await this.relay?.close();
      this.relay = null;
    }
    return false;
  }
}
