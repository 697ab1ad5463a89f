import { defineStore } from 'pinia';
import { ref } from 'vue';
import { doneAnswer, sessionAnswer, type Role, type SessionAnswer } from '../../../src/contract/access.js';
import { ApiRefusal, ApiUnreachable } from '../../../ui/api/index.js';
import { api, setCsrfToken } from '../api.js';
import { forgetOnPhone, keepOnPhone, KEPT, keptOnPhone } from './phone-store.js';

/** Those who are on the road: their page opens without a signal, too. */
const ON_THE_ROAD: readonly Role[] = ['crew', 'volunteer'];

/** Who is signed in on this page. The cookie is not readable here; the server is asked once at the start. */
export const useSession = defineStore('session', () => {
  const session = ref<SessionAnswer | null>(null);
  const asked = ref(false);
  /** The page began without a signal, and the server has not been heard yet. */
  const away = ref(false);

  function take(answer: SessionAnswer | null): void {
    session.value = answer;
    setCsrfToken(answer?.csrfToken ?? '');
    away.value = false;
    if (answer !== null && ON_THE_ROAD.includes(answer.staff.role)) void keepOnPhone(KEPT.session, { ...answer, csrfToken: '' }).catch(() => undefined);
    else void forgetOnPhone(KEPT.session);
  }

  /** Without a signal: who was signed in here last, if that is somebody on the road. Nothing can be sent before the server has answered. */
  async function takeKept(): Promise<boolean> {
    const kept = sessionAnswer.safeParse(await keptOnPhone(KEPT.session));
    if (!kept.success) return false;
    session.value = kept.data;
    away.value = true;
    return true;
  }

  /** @returns whether the server knows this session; it is asked where the page began without a signal */
  async function reached(): Promise<boolean> {
    if (!away.value) return session.value !== null;
    try {
      take(await api.call({ method: 'GET', path: '/session', answer: sessionAnswer, signal: AbortSignal.timeout(10_000) }));
      asked.value = true;
      return true;
    } catch {
      return false;
    }
  }

  /** Asks the server who is signed in, once. */
  async function ensure(): Promise<SessionAnswer | null> {
    if (asked.value) return session.value;
    try {
      take(await api.call({ method: 'GET', path: '/session', answer: sessionAnswer }));
    } catch (error) {
      if (error instanceof ApiUnreachable && (away.value || await takeKept())) return session.value;
      if (!(error instanceof ApiRefusal) || error.status !== 401) throw error;
      take(null);
    }
    asked.value = true;
    return session.value;
  }

  /** @throws ApiRefusal ACCESS.LOGIN_FAILED, ACCESS.TOO_MANY_ATTEMPTS */
  async function login(loginName: string, password: string): Promise<void> {
    take(await api.call({ method: 'POST', path: '/session', body: { loginName, password }, answer: sessionAnswer }));
    asked.value = true;
  }

  async function changePassword(currentPassword: string, newPassword: string): Promise<void> {
    take(await api.call({ method: 'POST', path: '/session/password', body: { currentPassword, newPassword }, answer: sessionAnswer }));
  }

  async function logout(): Promise<void> {
    await api.call({ method: 'DELETE', path: '/session', answer: doneAnswer });
    await forgetOnPhone(KEPT.day);
    take(null);
  }

  /** The server has ended the session. */
  function ended(): void {
    take(null);
  }

  const hasRole = (roles: readonly Role[]): boolean => session.value !== null && roles.includes(session.value.staff.role);

  return { session, away, reached, ensure, login, changePassword, logout, ended, hasRole };
});
