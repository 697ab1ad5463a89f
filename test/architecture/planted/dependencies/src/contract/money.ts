// breaks: contract-knows-zod-alone
import { fen } from '../domain/kernel/fen.js';
export const price = fen;
