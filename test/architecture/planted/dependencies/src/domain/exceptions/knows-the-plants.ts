// breaks: detector-knows-no-generator
// breaks: domain-is-pure
// breaks: server-knows-no-test
import { planted } from '../../../bench/exceptions/generator/rows.js';
export const found = planted;
