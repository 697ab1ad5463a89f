export { TreasuryModule } from './treasury.module.js';
