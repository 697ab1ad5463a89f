import { createApi } from '../../ui/api/index.js';

let csrfToken = '';
let sessionEnded: () => void = () => undefined;

/** Set after sign-in; the header proves that a request comes from this page and not from another site. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** Called when the server says that nobody is signed in any more. */
export function onSessionEnded(listener: () => void): void {
  sessionEnded = listener;
}

/** The API as a staff member: session by cookie, every change with the CSRF token. */
export const api = createApi({
  authorise: ({ method }): Record<string, string> => (method === 'GET' || csrfToken === '' ? {} : { 'x-csrf-token': csrfToken }),
  onRefusal: (refusal) => {
    if (refusal.code === 'ACCESS.NOT_SIGNED_IN') sessionEnded();
  },
});
