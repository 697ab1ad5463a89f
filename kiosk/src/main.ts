import './type/words.css';
import '../../ui/tokens/tokens.css';
import './mm.css';
import { createApp, nextTick, watch } from 'vue';
import { keepPage } from './device/updates.js';
import { insteadOfBroken } from './flow/broken-screen.js';
import { GateDesk } from './flow/gate-desk.js';
import { Kiosk } from './flow/kiosk.js';
import { kioskKey } from './flow/use-kiosk.js';
import { Weighing } from './flow/weighing.js';
import { applyCalibration } from './sense/calibration.js';
import { applyTextSize } from './sense/text-size.js';
import { loadVoicePack } from './sense/voice.js';
import { setUpPrinting } from './slip/slip-printer.js';
import { fetchScreens } from './screens/index.js';
import App from './app.vue';

/** Characters that are in no word of the kiosk wait until the first screen has stood for so long; the system's type shows them meanwhile. */
const RARE_TYPE_AFTER_MS = 12_000;

/** The type of the first screen arrives before the other screens, which nobody needs yet; a slow network does not keep them away for longer. */
const TYPE_FIRST_MS = 3000;

/** Once the screen that is due has been drawn: its type is asked for only then. */
async function drawn(): Promise<void> {
  await nextTick();
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await document.fonts.ready;
}

await applyCalibration();
applyTextSize();
const query = new URLSearchParams(window.location.search);
const weighing = new Weighing(query.get('scale'), query.get('plate'));
const kiosk = new Kiosk(query.has('demo'), weighing, GateDesk.chosen(query.get('gate'), query.get('gate-open')));
setUpPrinting(query.get('print'), query.has('demo'));
void weighing.connect();
void loadVoicePack(query.get('voice'), import.meta.env.BASE_URL);
const app = createApp(App).provide(kioskKey, kiosk);
app.config.errorHandler = insteadOfBroken(kiosk);
app.mount('#app');
void kiosk.start();
const stopWaiting = watch(kiosk.screen, ({ name }) => {
  if (name === 'starting') return;
  stopWaiting();
  void Promise.race([drawn(), new Promise((done) => setTimeout(done, TYPE_FIRST_MS))]).then(fetchScreens);
  setTimeout(() => void import('./type/rest.css').catch(() => undefined), RARE_TYPE_AFTER_MS);
});
keepPage(() => kiosk.isIdle());
