/** A reader that behaves as a keyboard types its text much faster than fingers and ends with Enter. */
const KEY_GAP_MS = 150;
const SHORTEST = 4;

/** Calls `onCard` with what a card or QR reader typed. @returns a function that stops listening */
export function listenForCards(onCard: (text: string) => void): () => void {
  let typed = '';
  let lastMs = -Infinity;
  const onKey = (event: KeyboardEvent): void => {
    const nowMs = event.timeStamp; // when the key was pressed, however busy the page is
    if (nowMs - lastMs > KEY_GAP_MS) typed = '';
    lastMs = nowMs;
    if (event.key === 'Enter') {
      if (typed.length >= SHORTEST) {
        event.preventDefault();
        onCard(typed);
      }
      typed = '';
    } else if (/^[A-Za-z0-9-]$/.test(event.key)) typed += event.key;
  };
  window.addEventListener('keydown', onKey, true);
  return () => window.removeEventListener('keydown', onKey, true);
}
