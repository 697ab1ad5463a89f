export { FacesModule } from './faces.module.js';
export { BuildTemplate } from './build-template.js';
export { FaceStore, type StoredFace } from './face-store.js';
export { KioskReceiptsQuery } from './kiosk-receipts.query.js';
export { DEFAULT_RECOGNITION, RecognitionSettings } from './recognition-settings.js';
export { RoamingTickets } from './roaming-tickets.js';
export { VerifyProbe } from './verify-probe.js';
export { sealBox } from './seal-box.js';
