export { SeniorsModule } from './seniors.module.js';
export { SeniorDirectory, type Diner, type DinerCategory } from './senior-directory.js';
export { SeniorHomes, type DoorContact, type SeniorHome } from './senior-homes.js';
