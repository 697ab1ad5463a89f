// breaks: no-restricted-syntax
export const hour = (instant: Date): number => instant.getHours();
