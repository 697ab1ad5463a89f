// breaks: pages-share-through-ui
import { shown } from '../console/src/start.js';
export const known = shown;
