export const fen = 1;
