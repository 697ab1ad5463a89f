import type { GateAnswer, GateRequest } from '../../../src/contract/seats.js';
import { SerialRelay, SimulatedRelay, type GateRelay } from '../scale/gate-relay.js';
import { paidSound } from '../sense/sound.js';
import type { Candidate, Screen } from './screen.js';

const STORED = 'rehufan.gate';
const KINDS = ['relay', 'simulated', 'watched'] as const;
type GateKind = (typeof KINDS)[number];
const SHOWN_MS = 5000;

function kindOf(chosen: string | null): GateKind | null {
  try {
    if (chosen === 'none') localStorage.removeItem(STORED);
    else if (chosen !== null) localStorage.setItem(STORED, chosen);
    return KINDS.find((one) => one === localStorage.getItem(STORED)) ?? null;
  } catch {
    return KINDS.find((one) => one === chosen) ?? null;
  }
}

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

  private constructor(private readonly kind: GateKind) {}

  /** @returns null for a machine that sells */
  static chosen(wanted: string | null): GateDesk | null {
    const kind = kindOf(wanted);
    return kind === null ? null : new GateDesk(kind);
  }

  /** Asks for whoever stands there, by face or card, and opens by what the server says; without an answer a person opens. */
  async arrived(machine: Machine, { claim }: Candidate): Promise<void> {
    if (claim.kind !== 'face' && claim.kind !== 'card') return;
    const request: GateRequest = claim.kind === 'face' ? { kind: 'face', personCode: claim.personCode } : { kind: 'card', cardNo: claim.cardNo };
    const answer = await machine.askGate(request).catch(() => null);
    const opens = answer?.decision === 'open' && await this.open();
    if (opens) paidSound();
    // A door that was not told to open is a person's to open, whatever the server said.
    machine.show({ name: 'gate', decision: answer === null || (answer.decision === 'open' && !opens) ? 'no-answer' : answer.decision, freeSeats: answer?.freeSeats ?? null });
    this.showing += 1;
    const mine = this.showing;
    setTimeout(() => {
      if (mine === this.showing && machine.screen.value.name === 'gate') machine.show({ name: 'gate', decision: null, freeSeats: answer?.freeSeats ?? null });
    }, SHOWN_MS);
  }

  /** Tells the door; a board that does not answer is connected anew once. @returns whether it was told, or a person opens here anyway */
  private async open(): Promise<boolean> {
    if (this.kind === 'watched') return true;
    for (let tries = 0; tries < 2; tries += 1) {
      this.relay ??= this.kind === 'simulated' ? Object.assign(window, { rehufanGate: new SimulatedRelay() }).rehufanGate : await SerialRelay.connect();
      if (await this.relay?.open() === true) return true;
      await this.relay?.close();
      this.relay = null;
    }
    return false;
  }
}
