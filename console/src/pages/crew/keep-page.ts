/** Keeps the page itself on the phone, so that it opens without a signal, and offers it to the home screen. */
export function keepPage(): void {
  if (document.querySelector('link[rel=manifest]') === null) {
    const link = document.createElement('link');
    link.rel = 'manifest';
    link.href = `${import.meta.env.BASE_URL}crew.webmanifest`;
    document.head.append(link);
  }
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  // Only what lies under the crew's page is answered from the phone; every other page of the console comes from the server.
  void navigator.serviceWorker.register(`${import.meta.env.BASE_URL}phone-worker.js`, { scope: `${import.meta.env.BASE_URL}crew` }).catch(() => undefined);
}
