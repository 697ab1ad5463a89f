export const threshold = 10;
