import { ref, type Ref } from 'vue';

const STORED = 'rehufan.textSize';

/** How large the words are: 1 is the usual size, 2 makes none smaller than 12 mm. */
export const TEXT_SIZES = ['usual', 'large', 'largest'] as const;
export type TextSize = (typeof TEXT_SIZES)[number];
const FACTOR: Readonly<Record<TextSize, number>> = { usual: 1, large: 1.5, largest: 2 };

function stored(): TextSize {
  try {
    return TEXT_SIZES.find((one) => one === localStorage.getItem(STORED)) ?? 'usual';
  } catch {
    return 'usual'; // storage may be forbidden
  }
}

export const textSize: Ref<TextSize> = ref(stored());

export function applyTextSize(): void {
  document.documentElement.style.setProperty('--k', String(FACTOR[textSize.value]));
  document.documentElement.dataset['text'] = textSize.value;
}

/** Back to the size of the set-up. */
export function ownTextSize(): void {
  textSize.value = stored();
  applyTextSize();
}

/** The next size, in a round. @param keep also after this person: the machine is being set up */
export function nextTextSize(keep: boolean): void {
  textSize.value = TEXT_SIZES[(TEXT_SIZES.indexOf(textSize.value) + 1) % TEXT_SIZES.length] ?? 'usual';
  applyTextSize();
  if (!keep) return;
  try {
    localStorage.setItem(STORED, textSize.value);
  } catch {
    // the choice then lasts until the page is closed
  }
}
