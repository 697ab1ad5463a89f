import { reactive } from 'vue';
import { ApiMisunderstood, ApiRefusal, ApiUnreachable } from '../../../ui/api/index.js';
import { pick, t } from '../../../ui/dictionary/index.js';

export interface Toast {
  readonly id: number;
  readonly kind: 'done' | 'refused' | 'working';
  readonly text: string;
  /** What to quote on the phone: code and request number. */
  readonly quote: string;
  /** How long the work of a `working` message takes already, s. */
  seconds: number;
}

export const toasts = reactive<Toast[]>([]);
let lastId = 0;
const DONE_SHOWN_MS = 5_000;

function show(kind: Toast['kind'], text: string, quote = ''): number {
  lastId += 1;
  const id = lastId;
  toasts.push({ id, kind, text, quote, seconds: 0 });
  if (kind === 'done') window.setTimeout(() => dismiss(id), DONE_SHOWN_MS);
  return id;
}

export function dismiss(id: number): void {
  const index = toasts.findIndex((toast) => toast.id === id);
  if (index >= 0) toasts.splice(index, 1);
}

/** Says that something is done; disappears by itself. */
export function done(text: string): void {
  show('done', text);
}

/** Says that something is still at work once it takes longer than a second, and for how long. @returns to be called when it is over */
export function working(): () => void {
  const begunMs = performance.now();
  let id: number | null = null;
  const timer = window.setInterval(() => {
    id ??= show('working', t('common.working'));
    const shown = toasts.find((toast) => toast.id === id);
    if (shown !== undefined) shown.seconds = Math.round((performance.now() - begunMs) / 1000);
  }, 1_000);
  return () => {
    window.clearInterval(timer);
    if (id !== null) dismiss(id);
  };
}

/** A form that a page itself refuses, with the sentence to show. */
export class FormRefusal extends Error {}

/** What happened, and what to quote, for any error of the API client. */
export function wordingOf(error: unknown): { text: string; quote: string } {
  if (error instanceof ApiRefusal) {
    return { text: pick(error), quote: t('common.quote', { code: error.code, requestId: error.requestId }) };
  }
  if (error instanceof ApiUnreachable) return { text: t('common.unreachable'), quote: '' };
  if (error instanceof ApiMisunderstood) {
    return { text: t('common.unexpectedAnswer'), quote: t('common.quote', { code: String(error.status), requestId: error.requestId }) };
  }
  if (error instanceof FormRefusal) return { text: error.message, quote: '' };
  console.error(error);
  return { text: t('common.unexpectedAnswer'), quote: '' };
}

/** Says why something was not done; stays until it is closed. */
export function refused(error: unknown): void {
  const { text, quote } = wordingOf(error);
  show('refused', text, quote);
}
