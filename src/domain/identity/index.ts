export { cosine, DESCRIPTOR_LENGTH, normalise, templateOf, type UnitVector } from './template.js';
export { decideFace, galleryRiskPpm, type FaceDecision, type FaceDecisionSettings } from './decide-face.js';
export { FaceIndex, type FaceMatch, type GalleryEntry } from './face-index.js';
