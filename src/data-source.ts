import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { configFromEnvironment } from './infra/config/environment.js';
import { dataSourceOptions, migrationsGlob } from './infra/database/data-source-options.js';

/** For the migration tool and the TypeORM command line. */
export default new DataSource(dataSourceOptions(configFromEnvironment(), [migrationsGlob()]));
