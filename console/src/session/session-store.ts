import { defineStore } from 'pinia';
import { ref } from 'vue';
import { doneAnswer, sessionAnswer, type Role, type SessionAnswer } from '../../../src/contract/access.js';
import { ApiRefusal } from '../../../ui/api/index.js';
import { api, setCsrfToken } from '../api.js';

/** Who is signed in on this page. The cookie is not readable here; the server is asked once at the start. */
export const useSession = defineStore('session', () => {
  const session = ref<SessionAnswer | null>(null);
  const asked = ref(false);

  function take(answer: SessionAnswer | null): void {
    session.value = answer;
    setCsrfToken(answer?.csrfToken ?? '');
  }

  /** Asks the server who is signed in, once. */
  async function ensure(): Promise<SessionAnswer | null> {
    if (asked.value) return session.value;
    try {
      take(await api.call({ method: 'GET', path: '/session', answer: sessionAnswer }));
    } catch (error) {
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
    take(null);
  }

  /** The server has ended the session. */
  function ended(): void {
    take(null);
  }

  const hasRole = (roles: readonly Role[]): boolean => session.value !== null && roles.includes(session.value.staff.role);

  return { session, ensure, login, changePassword, logout, ended, hasRole };
});
