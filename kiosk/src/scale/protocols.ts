/** What a scale said once. Grams may be below nothing, where a tared plate was lifted off. */
export interface ScaleReading {
  readonly grams: number;
  /** The scale itself says that it has come to rest. */
  readonly stable: boolean;
}

/** One line of a protocol as a reading; null where it is none (an echo, an overload, another command's answer). */
export type ScaleProtocol = (line: string) => ScaleReading | null;

const GRAMS_IN: Readonly<Record<string, number>> = { g: 1, kg: 1000 };

function gramsOf(sign: string, digits: string, unit: string): number | null {
  const factor = GRAMS_IN[unit.toLowerCase()];
  const value = Number(digits.replaceAll(' ', ''));
  if (factor === undefined || !Number.isFinite(value)) return null;
  return Math.round(value * factor) * (sign === '-' ? -1 : 1);
}

/** `ST,GS,+  0.412 kg`: stable or unstable, gross or net, weight. Most indicators that send by themselves speak so. */
export const continuous: ScaleProtocol = (line) => {
  const found = /^(ST|US),(?:GS|NT|TR),\s*([+-]?)\s*(\d[\d ]*(?:\.\d+)?)\s*(kg|g)\s*$/i.exec(line);
  if (found === null) return null;
  const [, state = '', sign = '', digits = '', unit = ''] = found;
  const grams = gramsOf(sign, digits, unit);
  return grams === null ? null : { grams, stable: state.toUpperCase() === 'ST' };
};

/** `S S      412 g`: the answer to the command SI; the second letter is S at rest and D while it moves. */
export const onRequest: ScaleProtocol = (line) => {
  const found = /^S ([SD])\s+(-?)(\d+(?:\.\d+)?)\s+(kg|g)\s*$/.exec(line);
  if (found === null) return null;
  const [, state = '', sign = '', digits = '', unit = ''] = found;
  const grams = gramsOf(sign, digits, unit);
  return grams === null ? null : { grams, stable: state === 'S' };
};

export const PROTOCOLS = { continuous, 'on-request': onRequest } as const;
export type ProtocolName = keyof typeof PROTOCOLS;

/** Cuts what arrives into lines, however the pieces fall; a line that never ends is thrown away. */
export class Lines {
  private rest = '';

  push(text: string): string[] {
    const parts = (this.rest + text).split(/\r\n|\r|\n/);
    this.rest = parts.pop() ?? '';
    if (this.rest.length > 80) this.rest = '';
    return parts.filter((part) => part !== '');
  }
}
