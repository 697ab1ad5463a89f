import { onMounted, onUnmounted, ref, watch, type Ref } from 'vue';
import { ownLanguage } from '../../../ui/dictionary/index.js';
import { noteTouch, untouchedMs } from '../sense/press.js';
import { ownTextSize } from '../sense/text-size.js';
import { ownLoudness, say } from '../sense/voice.js';
import { sentence } from '../sense/voice-pack.js';
import type { Kiosk } from './kiosk.js';
import { LEAVABLE } from './screen.js';

const GENTLE_MS = 60_000;
const ASK_MS = 120_000;
/** With a camera: nobody in the picture for this long means that the person has left. */
const LEFT_MS = 30_000;
/** Without a camera nobody can be seen to leave. */
const NO_CAMERA_RESET_MS = 180_000;
const DONE_LEFT_MS = 4000;
const DONE_LONGEST_MS = 45_000;

/** Staff turn away without closing what only they may see; whoever reads what was answered to somebody else may go on after so long. */
const UNTOUCHED_MS = 60_000;
const UNTOUCHED: readonly string[] = ['staff', 'staff-pin', 'ports', 'closed'];

/** Screens with which a visit ends: on the first screen after them the next person stands there. */
const LAST: readonly string[] = ['done', 'together', 'rate', 'order', 'help', 'refused', 'short', 'staff', 'staff-pin', 'ports'];
const FIRST: readonly string[] = ['welcome', 'closed'];

/** What one person chose is not the next one's. */
function ownSettings(): void {
  ownLanguage();
  ownTextSize();
  ownLoudness();
}

/**
 * Time that passes without a touch: a gentle voice, then a question, and the first screen only when nobody is there.
 * Nothing is ever charged by time.
 */
export function useIdle(kiosk: Kiosk): { asking: Ref<boolean>; stay: () => void } {
  const asking = ref(false);
  let gentle = false;
  let shownAtMs = performance.now();

  const stay = (): void => {
    asking.value = false;
    gentle = false;
    noteTouch();
  };

  watch(kiosk.screen, (now, before) => {
    shownAtMs = performance.now();
    stay();
    // A card on a receipt is the next one's as well.
    if ((LAST.includes(before.name) && FIRST.includes(now.name)) || (before.name === 'done' && ['is-it-you', 'card'].includes(now.name))) ownSettings();
  });

  function left(): boolean {
    const emptyMs = kiosk.emptyForMs();
    const shownMs = performance.now() - shownAtMs;
    const quietMs = Math.min(untouchedMs(), shownMs);
    if (kiosk.screen.value.name === 'done') {
      return quietMs > DONE_LONGEST_MS || (emptyMs !== null && emptyMs > DONE_LEFT_MS && quietMs > 2 * DONE_LEFT_MS);
    }
    if (UNTOUCHED.includes(kiosk.screen.value.name) && quietMs > UNTOUCHED_MS) return true;
    return emptyMs === null ? quietMs > NO_CAMERA_RESET_MS : emptyMs > LEFT_MS && quietMs > LEFT_MS;
  }

  /** Nobody has been here for so long that whoever comes is somebody else. */
  function alone(): boolean {
    const emptyMs = kiosk.emptyForMs();
    return emptyMs === null ? untouchedMs() > NO_CAMERA_RESET_MS : Math.min(emptyMs, untouchedMs()) > LEFT_MS;
  }

  function tick(): void {
    const { value: screen } = kiosk.screen;
    if ((screen.name === 'welcome' || kiosk.resting.isOn()) && alone()) ownSettings();
    if (kiosk.resting.isOn() || !LEAVABLE.includes(screen.name) || (screen.name === 'ports' && screen.from === 'enrol')) return;
    if (left()) {
      asking.value = false;
      ownSettings();
      void kiosk.home();
      return;
    }
    const quietMs = Math.min(untouchedMs(), performance.now() - shownAtMs);
    if (quietMs > ASK_MS) asking.value = true;
    else if (quietMs > GENTLE_MS && !gentle) {
      gentle = true;
      say(sentence('kiosk.slow.say'));
    }
  }

  let timer = 0;
  onMounted(() => {
    timer = window.setInterval(tick, 1000);
  });
  onUnmounted(() => window.clearInterval(timer));
  return { asking, stay };
}
