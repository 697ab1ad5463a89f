import { parentPort, workerData } from 'node:worker_threads';
import { planWalkIns } from '../../domain/forecast/index.js';
import type { WalkInQuestion } from './walk-in-planner.js';

/** The body of a thread that forecasts the walk-ins of one day, answers and ends. */
const { series, day, quantile, calendar, menus } = workerData as WalkInQuestion;
parentPort?.postMessage(planWalkIns(series, day, quantile, calendar, menus));
