export { cosine, DESCRIPTOR_LENGTH, normalise, templateOf, type UnitVector } from './template.js';
export { decideFace, galleryRiskPpm, type FaceDecision, type FaceDecisionSettings, type GalleryEntry } from './decide-face.js';
