import { fen } from '../../domain/kernel/fen.js';
import { words } from '../../contract/words.js';
import { rows } from '../../infra/database/rows.js';
export class Ledger { readonly known = [fen, words, rows]; }
