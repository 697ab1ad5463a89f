import type { KioskClaim } from '../../../src/contract/kiosk.js';

/** Whether it is the face in front of the camera that says who pays; a card, digits, a secret or a collector prove it otherwise. */
export const restsOnFace = (claim: KioskClaim): boolean => claim.kind === 'face' || (claim.kind === 'digits' && claim.faceAgrees);
