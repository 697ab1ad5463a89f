import { shallowRef } from 'vue';

export interface ConfirmRequest {
  readonly title: string;
  readonly text: string;
  /** Word on the button that acts; never just 确定 where money moves. */
  readonly act: string;
  /** Fewest characters of the reason; absent: no reason is asked. */
  readonly reasonMin?: number;
  readonly danger?: boolean;
}

interface Pending extends ConfirmRequest {
  readonly answer: (reason: string | null) => void;
}

export const pending = shallowRef<Pending | null>(null);

/** Asks before an act. Answers the reason ('' where none is asked), or null when the user turned back. */
export function confirmAct(request: ConfirmRequest): Promise<string | null> {
  pending.value?.answer(null);
  return new Promise((resolve) => {
    pending.value = {
      ...request,
      answer: (reason) => {
        pending.value = null;
        resolve(reason);
      },
    };
  });
}
