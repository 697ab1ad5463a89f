export { ExceptionsModule } from './exceptions.module.js';
export { ExceptionsConsumerModule } from './exceptions-consumer.module.js';
export { RunScan, type ScanResult } from './run-scan.js';
export { ScanRuns } from './scan-runs.js';
export { ScanSchedule } from './scan-schedule.js';
