// breaks: no-restricted-properties
export const nowMs = (): number => Date.now();
