// breaks: pages-have-no-node
import { readFileSync } from 'node:fs';
export const disk = readFileSync;
