export { FacesModule } from './faces.module.js';
export { RoamingTickets } from './roaming-tickets.js';
