/** The last sale of a device that has taken its place; `seq` 0 and `FIRST_HASH` before the first. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

export const FIRST_HASH = '0'.repeat(64);

/** `next`: follows the head. `gap`: an earlier one has not arrived. `repeat`: its place is taken by another. `broken`: names another predecessor. */
export type ChainPlace = 'next' | 'gap' | 'repeat' | 'broken';

/** Where a sale stands in the chain of its device: numbers without a gap, each naming the hash of the one before. */
export function placeInChain(head: ChainHead, sale: { readonly seq: number; readonly previousHash: string }): ChainPlace {
  if (sale.seq <= head.seq) return 'repeat';
  if (sale.seq > head.seq + 1) return 'gap';
  return sale.previousHash === head.hash ? 'next' : 'broken';
}
