export const margin = 0.1;
