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

/** Screens after which the next person comes. */
const LAST: readonly string[] = ['done', 'together', 'rate'];

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
    if (LAST.includes(before.name) && now.name === 'welcome') ownSettings();
  });

  function left(): boolean {
    const emptyMs = kiosk.emptyForMs();
    const shownMs = performance.now() - shownAtMs;
    const quietMs = Math.min(untouchedMs(), shownMs);
    if (kiosk.screen.value.name === 'done') {
      return quietMs > DONE_LONGEST_MS || (emptyMs !== null && emptyMs > DONE_LEFT_MS && quietMs > 2 * DONE_LEFT_MS);
    }
    return emptyMs === null ? quietMs > NO_CAMERA_RESET_MS : emptyMs > LEFT_MS && quietMs > LEFT_MS;
  }

  /** Nobody has been here for so long that whoever comes is somebody else. */
  function alone(): boolean {
    const emptyMs = kiosk.emptyForMs();
    return emptyMs === null ? untouchedMs() > NO_CAMERA_RESET_MS : Math.min(emptyMs, untouchedMs()) > LEFT_MS;
  }

  function tick(): void {
    if (kiosk.screen.value.name === 'welcome' && alone()) ownSettings();
    if (!LEAVABLE.includes(kiosk.screen.value.name)) return;
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
