import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './app.vue';
import { onSessionEnded } from './api.js';
import { router } from './router/index.js';
import { useSession } from './session/session-store.js';
import '../../ui/tokens/tokens.css';
import './styles/console.css';

const app = createApp(App);
app.use(createPinia());
onSessionEnded(() => {
  const session = useSession();
  if (session.session === null) return;
  session.ended();
  void router.push({ name: 'login', query: { ended: '1', next: router.currentRoute.value.fullPath } });
});
app.use(router);
app.mount('#app');
