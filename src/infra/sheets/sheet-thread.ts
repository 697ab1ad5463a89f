import { parentPort, workerData } from 'node:worker_threads';
import { sheetFile, type SheetPlan } from './sheet-file.js';

/** The body of a thread that writes one sheet, answers with its bytes and ends. */
parentPort?.postMessage(await sheetFile(workerData as SheetPlan));
