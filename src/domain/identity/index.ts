export { FIRST_LOOK, SECOND_LOOK, SECOND_LOOKS, type DetectorLook } from './detector-looks.js';
export { cosine, DESCRIPTOR_LENGTH, isDescriptorLength, normalise, templateOf, type UnitVector } from './template.js';
export { FaceIndex, type FaceMatch, type GalleryEntry } from './face-index.js';
export {
  countImpostors, countsAt, falseMatchPpmAt, LEAST_PEOPLE_FOR_RATES, measuredFrom, measureFalseMatches, MEASURED_SIMILARITIES, ratesOfGalleries, type ImpostorCounts, type FalseMatchPoint, type FalseMatchRates,
} from './false-match.js';
export {
  decideIdentity, framesAreOnePerson, galleryRiskPpm, NO_CONTEXT, verifyWithDigits,
  type ConfirmReason, type FaceFrame, type IdentityDecision, type IdentitySettings, type SightingContext,
} from './decide-identity.js';
export { chooseExpected, mostExpected, type ExpectedPerson } from './expected-people.js';
export {
  DEFAULT_LIVENESS, demandLiveness, headYaw, judgeMotion, judgeTurn,
  type FacePoint, type HeadFrame, type LivenessDemand, type LivenessRisk, type LivenessSettings, type MotionSign, type TurnDirection, type TurnResult,
} from './liveness.js';
