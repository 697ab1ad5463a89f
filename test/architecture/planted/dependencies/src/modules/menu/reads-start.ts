// breaks: modules-know-no-page-and-no-start
import { started } from '../../main.js';
export const isStarted = started;
