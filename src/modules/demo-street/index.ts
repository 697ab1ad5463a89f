export { DemoStreetModule } from './demo-street.module.js';
export { DEMO_FACE_PEOPLE } from './people/demo-faces.js';
export { defaultPastDays, inventDemoStreet, SeedDemoStreet, type SeedRequest, type SeedResult } from './seed-demo-street.js';
export { DEMO_PASSWORD, DEMO_STAFF } from './staff-roster.js';
export { OpenDemoDay } from './open-demo-day.js';
export { OpenDemoDrawers } from './open-demo-drawers.js';
