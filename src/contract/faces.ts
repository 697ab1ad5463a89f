import { z } from 'zod';
import { sealedBox } from './devices.js';

/**
 * Faces: templates are 128 numbers made in a browser; images never travel. A template is valid only for the model that
 * made it, so the model's id goes wherever a template goes.
 */

/** The embedder of this release: ResNet-34 of the face library, 150 px aligned chip, unit length. */
export const FACE_MODEL_ID = 'face-api-1.7/resnet34-128/chip150';
export const FACE_DESCRIPTOR_LENGTH = 128;

/** Names network, version and alignment. */
export const faceModelId = z.string().regex(/^[a-z0-9][a-z0-9./-]{2,59}$/);

/**
 * Embedders that an installation takes templates of: the current one first, then those whose people are still to be
 * captured again. Stored as the installation's fact `face.models`.
 */
export const faceModels = z.array(z.strictObject({ id: faceModelId, length: z.union([z.literal(128), z.literal(256), z.literal(512)]) })).min(1).max(4);
export type FaceModels = z.infer<typeof faceModels>;

/** 128, 256 or 512 float32, little endian, base64 with padding. Its length as a vector is 1 within rounding. */
export const faceDescriptor = z.string().regex(/^(?:[A-Za-z0-9+/]{683}=|[A-Za-z0-9+/]{1366}==|[A-Za-z0-9+/]{2731}=)$/);

/** Share of an ideal picture, 0 to 1 (size, sharpness, light, pose). */
export const faceQuality = z.number().min(0).max(1);

/** Consent purposes; each is given, recorded and withdrawn on its own. */
export const CONSENT_PURPOSES = ['face-point', 'face-roaming'] as const;
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number];

/**
 * POST /api/v1/seniors/:seniorId/face (staff). Refused without a standing `face-point` consent and under 14 years.
 * Three to five frames of one capture; the server builds the template (normalised mean) and keeps nothing else.
 */
export const enrolFaceRequest = z.strictObject({
  modelId: faceModelId,
  frames: z.array(z.strictObject({ descriptor: faceDescriptor, quality: faceQuality })).min(3).max(5),
});
export type EnrolFaceRequest = z.infer<typeof enrolFaceRequest>;

export const enrolFaceAnswer = z.object({ personCode: z.string(), modelId: z.string(), quality: faceQuality });
export type EnrolFaceAnswer = z.infer<typeof enrolFaceAnswer>;

/**
 * How a device decides whom it sees. Data of the site, not constants: thresholds belong to a model and to the people
 * who are enrolled.
 */
export const recognitionSettings = z.object({
  /** Least cosine between the probe and the best template. */
  minSimilarity: z.number().min(-1).max(1),
  /** Least distance in cosine between the best and the second-best person. */
  minMargin: z.number().min(0).max(2),
  /** Frames that must be seen before anything is decided. */
  framesNeeded: z.number().int().min(1).max(10),
  /** Frames below this quality are not used. */
  minQuality: faceQuality,
  /** False matches per million comparisons at `minSimilarity`, as measured for the model. */
  falseMatchPpm: z.number().int().min(0),
  /** The same at greater similarities, as measured among the site's own people; empty where nobody has measured. */
  falseMatchTail: z.array(z.object({ similarity: z.number().min(-1).max(1), falseMatchPpm: z.number().int().min(0) })).max(100).default([]),
  /** The wished bound: how often, in a million, a stranger may be taken for somebody of the gallery by the face alone. */
  maxRiskPpm: z.number().int().min(0),
});
export type RecognitionSettings = z.infer<typeof recognitionSettings>;

/** GET /api/v1/kiosk/gallery?after=<seq>&model=<id> (device): the changes after `seq` of the model that the device runs; 0 asks for the whole gallery. */
export const galleryQuery = z.object({ after: z.coerce.number().int().min(0), model: faceModelId.default(FACE_MODEL_ID) });
export type GalleryQuery = z.infer<typeof galleryQuery>;
export const galleryAnswer = sealedBox;

/** What the box of the gallery holds, as JSON. Removals are applied after puts. */
export const galleryContent = z.object({
  seq: z.number().int().min(0),
  modelId: z.string(),
  settings: recognitionSettings,
  put: z.array(z.object({ personCode: z.string(), maskedName: z.string(), descriptor: faceDescriptor })),
  remove: z.array(z.string()),
  /** Who has an order here today or comes as a rule; all of them with each answer, empty while the whole gallery keeps the bound. */
  expected: z.array(z.string()).default([]),
  /** Who was served at another point in the last minutes; all of them with each answer. */
  elsewhere: z.array(z.string()).default([]),
});
export type GalleryContent = z.infer<typeof galleryContent>;

/** POST /api/v1/kiosk/gallery/receipt (device): everything up to `seq` is applied and what was removed is gone. */
export const galleryReceiptRequest = z.strictObject({ seq: z.number().int().min(0) });
export type GalleryReceiptRequest = z.infer<typeof galleryReceiptRequest>;
export const galleryReceiptAnswer = z.object({ appliedSeq: z.number().int() });
