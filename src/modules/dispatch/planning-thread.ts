import { parentPort, workerData } from 'node:worker_threads';
import { diagnose, planRoutes, verifyPlan, type RouteProblem } from '../../domain/routing/index.js';

/** The body of a planning thread: plans one problem, has it verified and its gaps explained, answers and ends. */
const { problem, seed, attempts } = workerData as { problem: RouteProblem; seed: number; attempts: number };
const plan = planRoutes(problem, { seed, stop: { attempts } });
parentPort?.postMessage({ plan, diagnoses: diagnose(problem, plan), violations: verifyPlan(problem, plan) });
