import { ref, watch, type ComputedRef, type Ref } from 'vue';
import { faceModelDoneAnswer } from '../../../../src/contract/faces.js';
import { api } from '../../api.js';
import { useAct } from '../../parts/use-act.js';

export interface Setting<Value> {
  /** What the form shows: what is set, until somebody chooses; null until it is known. */
  readonly chosen: Ref<Value | null>;
  readonly busy: ComputedRef<boolean>;
  /** Sends it and reads again what is set, also after a refusal. Answers whether it was taken. */
  readonly save: (body: object, said: string) => Promise<boolean>;
}

/** One setting of how faces are known. @param name the last part of its route */
export function useSetting<Value>(name: string, now: Ref<Value | null>, refresh: () => Promise<void>): Setting<Value> {
  const { attempt, busy } = useAct();
  const chosen = ref<Value | null>(null) as Ref<Value | null>;
  watch(now, (value) => { chosen.value ??= value; }, { immediate: true });
  async function save(body: object, said: string): Promise<boolean> {
    const taken = await attempt(() => api.call({ method: 'PUT', path: `/face-models/${name}`, body, answer: faceModelDoneAnswer }), said);
    await refresh();
    return taken;
  }
  return { chosen, busy, save };
}
