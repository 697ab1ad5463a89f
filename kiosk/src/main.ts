import '@fontsource-variable/noto-sans-sc/index.css';
import '../../ui/tokens/tokens.css';
import './mm.css';
import { createApp } from 'vue';
import { keepPage } from './device/updates.js';
import { Kiosk } from './flow/kiosk.js';
import { kioskKey } from './flow/use-kiosk.js';
import { applyCalibration } from './sense/calibration.js';
import App from './app.vue';

await applyCalibration();
const kiosk = new Kiosk(new URLSearchParams(window.location.search).has('demo'));
createApp(App).provide(kioskKey, kiosk).mount('#app');
void kiosk.start();
keepPage(() => kiosk.isIdle());
