import { parentPort, workerData } from 'node:worker_threads';
import { solveProgram } from './solve-program.js';

/** The body of a thread that solves one program, answers and ends. */
parentPort?.postMessage(await solveProgram(workerData as string));
