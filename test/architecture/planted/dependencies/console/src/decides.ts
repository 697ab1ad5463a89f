// breaks: console-has-no-domain
import { fen } from '../../src/domain/kernel/fen.js';
export const decided = fen;
