// breaks: controllers-touch-no-table
import { DataSource } from 'typeorm';
export class SqlController { constructor(readonly source: DataSource) {} }
