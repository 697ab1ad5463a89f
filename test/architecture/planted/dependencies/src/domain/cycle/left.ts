// breaks: no-cycles
import { right } from './right.js';
export const left = (): unknown => right;
