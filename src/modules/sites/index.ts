export { DayGate } from './day-gate.js';
export { SitesModule } from './sites.module.js';
export { SiteDirectory, type MealService, type PointSite } from './site-directory.js';
export { DepotDirectory, type DepotSite, type PointService } from './depot-directory.js';
export { PointScope } from './point-scope.js';
export { KitchenScope, type KitchenSite } from './kitchen-scope.js';
export { StreetRounds } from './street-rounds.js';
