// breaks: no-restricted-globals
export const amount = (text: string): number => parseFloat(text);
