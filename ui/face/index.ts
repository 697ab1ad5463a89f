export { loadFaceEngine, type FaceEngine, type FaceView, type FrameSource } from './engine.js';
export { decodeDescriptor, encodeDescriptor } from './codec.js';
export { type FaceHint, type FaceQuality } from './quality.js';
export { templateOf, cosine, normalise, type UnitVector } from '../../src/domain/identity/index.js';
