export * from './decide-radius.js';
export * from './place.js';
export * from './plan-routes.js';
export * from './road-graph.js';
export * from './route-problem.js';
export { quickestFrom, wayTo, type Reach } from './shortest-paths.js';
export * from './travel-time.js';
export { verifyPlan, type PlanViolation } from './verify-plan.js';
