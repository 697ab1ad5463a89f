// breaks: everything-resolves
import { absent } from './absent.js';
export const nothing: unknown = absent;
