export { SitesModule } from './sites.module.js';
export { SiteDirectory, type MealService, type PointSite } from './site-directory.js';
