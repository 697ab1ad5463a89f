import { computed, shallowRef } from 'vue';
import { z } from 'zod';
import { crewTodayAnswer, type CrewTodayAnswer } from '../../../../src/contract/delivery.js';
import { shanghaiDayOf, shiftDay } from '../../../../ui/dictionary/days.js';
import { api } from '../../api.js';
import { useLive } from '../../parts/use-live.js';
import { forgetOnPhone, keepOnPhone, KEPT, keptOnPhone } from '../../session/phone-store.js';
import { useSession } from '../../session/session-store.js';

const keptDay = z.object({ staffId: z.string(), at: z.iso.datetime(), answer: crewTodayAnswer });

/** A trip of an earlier day is let go of on its own last day, not on that of the newest. */
function stillToKeep(answer: CrewTodayAnswer, today: string): CrewTodayAnswer {
  const days = Math.round((Date.parse(answer.keepUntil) - Date.parse(answer.day)) / 86_400_000);
  return { ...answer, trips: answer.trips.filter((trip) => today <= shiftDay(trip.day, days)) };
}

/**
 * The doors of the day: from the server, and kept on the phone so that a reload without a signal shows them again. They are
 * kept for the person they were shown to and no longer than that person may read them.
 */
export function useCrewDay() {
  const session = useSession();
  const kept = shallowRef<{ answer: CrewTodayAnswer; at: Date } | null>(null);
  const onPhone = shallowRef(false);
  const staffId = session.session?.staff.id ?? '';

  const live = useLive(async (signal) => {
    const answer = await api.call({ method: 'GET', path: '/crew/today', answer: crewTodayAnswer, signal });
    onPhone.value = await keepOnPhone(KEPT.day, { staffId, at: new Date().toISOString(), answer }).then(() => true, () => false);
    return answer;
  }, 20_000);

  async function readKept(): Promise<void> {
    const found = keptDay.safeParse(await keptOnPhone(KEPT.day));
    if (!found.success) return;
    const today = shanghaiDayOf(new Date());
    const answer = stillToKeep(found.data.answer, today);
    if (found.data.staffId !== staffId || today > answer.keepUntil || (answer.trips.length === 0 && found.data.answer.trips.length > 0)) return forgetOnPhone(KEPT.day);
    if (answer.trips.length < found.data.answer.trips.length) await keepOnPhone(KEPT.day, { ...found.data, answer });
    kept.value = { answer, at: new Date(found.data.at) };
  }
  void readKept();

  return {
    live, onPhone,
    answer: computed(() => live.data.value ?? kept.value?.answer ?? null),
    /** When the phone kept what is shown; null while the server's own answer is shown. */
    keptAt: computed(() => (live.data.value === null ? kept.value?.at ?? null : null)),
    loadedAt: computed(() => live.loadedAt.value ?? kept.value?.at ?? null),
  };
}
