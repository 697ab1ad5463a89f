import { AppConfig } from './app-config.js';

/** The only place that reads the environment of the process. */
export function configFromEnvironment(): AppConfig {
  return AppConfig.parse(process.env);
}
