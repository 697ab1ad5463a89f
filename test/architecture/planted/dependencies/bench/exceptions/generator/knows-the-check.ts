// breaks: generator-knows-no-detector
import { threshold } from '../../../src/domain/exceptions/threshold.js';
export const justBelow = threshold - 1;
