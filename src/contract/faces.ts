import { z } from 'zod';
import { sealedBox } from './devices.js';
import { sealedTemplate } from './gallery-keys.js';

/**
 * Faces: templates are 128 numbers made in a browser; images never travel. A template is valid only for the model that
 * made it, so the model's id goes wherever a template goes.
 */

/** The embedder of this release: ResNet-34 of the face library, 150 px aligned chip, unit length. */
export const FACE_MODEL_ID = 'face-api-1.7/resnet34-128/chip150';
export const FACE_DESCRIPTOR_LENGTH = 128;

/** Names network, version and alignment. */
export const faceModelId = z.string().regex(/^[a-z0-9][a-z0-9./-]{2,59}$/);

const three = z.tuple([z.number(), z.number(), z.number()]);
/** How a network in ONNX form is fed; the file lies in the folder `face-models` beside the built pages. See ui/face/onnx-embedder.ts. */
export const onnxSettings = z.strictObject({
  file: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,80}\.onnx$/),
  chipPx: z.int().min(32).max(512),
  fivePoints: z.array(z.tuple([z.number(), z.number()])).length(5),
  channels: z.enum(['rgb', 'bgr']),
  layout: z.enum(['nchw', 'nhwc']),
  mean: three,
  deviation: three,
});
const modelLength = z.union([z.literal(128), z.literal(256), z.literal(512)]);
/** `in-use`: kiosks compare with it; `coming`: people are captured with it as well; `former`: kept until it is taken off the list. */
export const MODEL_STATES = ['in-use', 'coming', 'former'] as const;
export const faceModel = z.strictObject({ id: faceModelId, length: modelLength, state: z.enum(MODEL_STATES).optional(), onnx: onnxSettings.optional() });
export type FaceModel = z.infer<typeof faceModel>;

/** Embedders that an installation takes templates of. Stored as the installation's fact `face.models`; where none says that it is in use, the first is. */
export const faceModels = z.array(faceModel).min(1).max(4);
export type FaceModels = z.infer<typeof faceModels>;

/** The one that kiosks compare with, and the one that is to follow it. */
export const modelInUse = (models: FaceModels): FaceModel => models.find((model) => model.state === 'in-use') ?? models[0];
export const modelComing = (models: FaceModels): FaceModel | null => models.find((model) => model.state === 'coming') ?? null;

/** 128, 256 or 512 float32, little endian, base64 with padding. Its length as a vector is 1 within rounding. */
export const faceDescriptor = z.string().regex(/^(?:[A-Za-z0-9+/]{683}=|[A-Za-z0-9+/]{1366}==|[A-Za-z0-9+/]{2731}=)$/);

/** Share of an ideal picture, 0 to 1 (size, sharpness, light, pose). */
export const faceQuality = z.number().min(0).max(1);

/** Consent purposes; each is given, recorded and withdrawn on its own. `face-gate`: the door of the reserved zone of the own point. */
export const CONSENT_PURPOSES = ['face-point', 'face-roaming', 'face-gate'] as const;
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number];

/** Three to five frames of one capture. */
export const captureFrames = z.array(z.strictObject({ descriptor: faceDescriptor, quality: faceQuality })).min(3).max(5);

/** One sitting before the camera as one model describes it. */
const faceCapture = z.strictObject({ modelId: faceModelId, frames: captureFrames.optional(), sealed: sealedTemplate.extend({ quality: faceQuality }).optional() });
export type FaceCapture = z.infer<typeof faceCapture>;

/** Who confirms a step with a face beside whoever takes it. */
export const vouchingColleague = z.strictObject({ loginName: z.string().trim().min(1).max(60), password: z.string().min(1).max(200) });
export type VouchingColleague = z.infer<typeof vouchingColleague>;

/** Whose face it is that another takes the place of. Somebody else's is never kept: that person agreed to nothing. */
export const REPLACED_FACE_OF = ['senior', 'somebody-else'] as const;
export type ReplacedFaceOf = (typeof REPLACED_FACE_OF)[number];

/**
 * POST /api/v1/seniors/:seniorId/face (staff). Refused without a standing `face-point` consent and under 14 years.
 * `sealed`: the template (normalised mean), closed at the station to the gallery key of the senior's point; `quality` of its
 * worst frame. `frames`: what the server builds a template of; sent where the point has no gallery key, or beside `sealed`
 * where a roaming consent allows the server a copy. Frames alone at a point with a key are closed to it on arrival.
 * `also`: the same sitting by other models, for which people are captured side by side: all of them are kept, or none, as one
 * enrolment under one confirmation.
 * `colleague`: another member of staff of the point or street, who stands there and says that this is the senior. Needed for
 * each face, also the first, because whoever puts a face there pays with its wallet (FACE.SECOND_PERSON without).
 * `replacedFaceOf`: whose face it takes the place of, where there is one; that is kept for its term only where somebody has
 * said that it is the senior's own.
 */
export const enrolFaceRequest = faceCapture.extend({
  also: z.array(faceCapture).min(1).max(3).optional(),
  colleague: vouchingColleague.optional(),
  replacedFaceOf: z.enum(REPLACED_FACE_OF).optional(),
}).refine((request) => capturesOf(request).every(({ frames, sealed }) => frames !== undefined || sealed !== undefined))
  .refine((request) => new Set(capturesOf(request).map(({ modelId }) => modelId)).size === capturesOf(request).length);
export type EnrolFaceRequest = z.infer<typeof enrolFaceRequest>;
/** Every capture of one sitting, each by another model. */
export function capturesOf({ modelId, frames, sealed, also }: FaceCapture & { readonly also?: FaceCapture[] | undefined }): FaceCapture[] {
  return [{ modelId, frames, sealed }, ...(also ?? [])];
}
export type CaptureFrames = z.infer<typeof captureFrames>;

export const enrolFaceAnswer = z.object({ personCode: z.string(), modelId: z.string(), quality: faceQuality });
export type EnrolFaceAnswer = z.infer<typeof enrolFaceAnswer>;

/**
 * POST /api/v1/seniors/:seniorId/face/restored (staff): the face of an earlier sitting comes back in place of the present
 * one, which is kept in its turn where it is the senior's own. `colleague` as at an enrolment.
 */
export const restoreFaceRequest = z.strictObject({
  enrolmentId: z.guid(), reason: z.string().trim().min(4).max(120), colleague: vouchingColleague.optional(), replacedFaceOf: z.enum(REPLACED_FACE_OF),
});
export type RestoreFaceRequest = z.infer<typeof restoreFaceRequest>;

/** When a head turn is asked of whoever is named by the face alone. */
export const LIVENESS_MODES = ['off', 'risk', 'always'] as const;
export const livenessMode = z.enum(LIVENESS_MODES);
export type LivenessMode = z.infer<typeof livenessMode>;

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
  /** `risk`: where the picture moves as a flat one does, or this person was doubted today, a head turn is asked for, or another way taken. `always`: of everybody. `off`: never. */
  liveness: livenessMode.default('off'),
  /** The wished bound: how often, in a million, a stranger may be taken for somebody of the gallery by the face alone. */
  maxRiskPpm: z.number().int().min(0),
});
export type RecognitionSettings = z.infer<typeof recognitionSettings>;

/** GET /api/v1/kiosk/gallery?after=<seq>&model=<id> (device): the changes after `seq` of the model that the device runs; 0 asks for the whole gallery. */
export const galleryQuery = z.object({
  after: z.coerce.number().int().min(0),
  model: faceModelId.default(FACE_MODEL_ID),
  /** The device opens sealed templates; one of the version before is told nobody whose template is closed to it. */
  sealed: z.literal('1').optional(),
});
export type GalleryQuery = z.infer<typeof galleryQuery>;
export const galleryAnswer = sealedBox;

/** What the box of the gallery holds, as JSON. Removals are applied after puts. */
export const galleryContent = z.object({
  seq: z.number().int().min(0),
  modelId: z.string(),
  /** Whose templates kiosks are to compare with; another than `modelId` after a switch, for a page that began before. Absent from a server of before. */
  modelInUse: z.string().optional(),
  settings: recognitionSettings,
  /** `sealed` opens with a gallery key; `descriptor` is what the server itself could still open. One of both at least. `version` names the capture. */
  put: z.array(z.object({
    personCode: z.string(), maskedName: z.string(), descriptor: faceDescriptor.optional(), sealed: sealedTemplate.optional(), version: z.string().optional(),
  })),
  remove: z.array(z.string()),
  /** Who has an order here today or comes as a rule; all of them with each answer, empty while the whole gallery keeps the bound. */
  expected: z.array(z.string()).default([]),
  /** Who is to be asked at the next visit to be captured again, for the model that is coming. */
  invite: z.array(z.string()).default([]),
  /** Who was served at another point in the last minutes; all of them with each answer. */
  elsewhere: z.array(z.string()).default([]),
});
export type GalleryContent = z.infer<typeof galleryContent>;

/** POST /api/v1/kiosk/gallery/receipt (device): everything up to `seq` is applied and what was removed is gone. */
export const galleryReceiptRequest = z.strictObject({ seq: z.number().int().min(0) });
export type GalleryReceiptRequest = z.infer<typeof galleryReceiptRequest>;
export const galleryReceiptAnswer = z.object({ appliedSeq: z.number().int() });

/** GET /api/v1/face-models (staff): models, and how far the capture with the coming one has got. `leastShare`: below it the switch is refused; `maxRiskPpm`: the wished bound per stranger, whose costs only GET face-models/risk-bound counts. */
export const faceModelsAnswer = z.object({
  models: faceModels,
  liveness: livenessMode,
  maxRiskPpm: z.int(),
  leastShare: z.number(),
  /** How long the street of the member of staff keeps the face before; null for staff without a whole street. */
  formerFaceDays: z.int().nullable(),
  people: z.int(),
  withComing: z.int(),
  points: z.array(z.object({ pointId: z.string(), pointName: z.string(), people: z.int(), withComing: z.int() })),
});
export type FaceModelsAnswer = z.infer<typeof faceModelsAnswer>;
/** POST /api/v1/face-models/coming (administrator): people are captured with this model as well from now on. */
export const comingModelRequest = z.strictObject({
  model: faceModel.omit({ state: true }),
  leastShare: z.number().min(0.5).max(1),
  /** Thresholds belong to a model: those of another one say nothing about it. */
  recognition: z.strictObject({ minSimilarity: z.number().min(-1).max(1), minMargin: z.number().min(0).max(2), falseMatchPpm: z.int().min(1).max(1_000_000) }),
});
export type ComingModelRequest = z.infer<typeof comingModelRequest>;
/** GET /api/v1/face-models/missing (staff): who has a face and none by the coming model, longest-standing guests first. */
export const missingFacesQuery = z.strictObject({ pointId: z.guid().optional(), page: z.coerce.number().int().min(1).max(10_000).default(1), size: z.coerce.number().int().min(1).max(200).default(50) });
export type MissingFacesQuery = z.infer<typeof missingFacesQuery>;
export const missingFacesAnswer = z.object({
  rows: z.array(z.object({ seniorId: z.string(), name: z.string(), pointName: z.string(), lastMealOn: z.string().nullable() })), total: z.int(), page: z.int(), size: z.int(),
});
export type MissingFacesAnswer = z.infer<typeof missingFacesAnswer>;
/** PUT /api/v1/face-models/liveness (administrator): from the next contact of each kiosk on. */
export const setLivenessRequest = z.strictObject({ liveness: livenessMode });
export type SetLivenessRequest = z.infer<typeof setLivenessRequest>;
/** Without a setting of the street. */
export const FORMER_FACE_DAYS_DEFAULT = 30;
export const formerFaceDays = z.int().min(0).max(90);
/** PUT /api/v1/face-models/former-days (street, administrator): for the own street; what is over a shorter term is deleted at once. */
export const setFormerFaceDaysRequest = z.strictObject({ days: formerFaceDays });
export type SetFormerFaceDaysRequest = z.infer<typeof setFormerFaceDaysRequest>;
export const faceModelDoneAnswer = z.object({ done: z.literal(true) });

/**
 * POST /api/v1/kiosk/gallery/impostors (device): how many others of the gallery each person comes near to, a row for each
 * of `similarities`, without saying who. The server cannot compare what is sealed; the device can. A device of the version
 * before sends none: it has counted at those of the model that was shipped.
 */
export const impostorsRequest = z.strictObject({
  modelId: faceModelId,
  people: z.int().min(2).max(20_000),
  counts: z.array(z.array(z.int().min(0).max(20_000)).max(20_000)).length(14),
  similarities: z.array(z.number().min(-1).max(1)).length(14).refine((levels) => levels.every((level, at) => at === 0 || level > levels[at - 1])).optional(),
}).refine((request) => request.counts.every((row) => row.length === request.people && row.every((own) => own < request.people)));
export type ImpostorsRequest = z.infer<typeof impostorsRequest>;
/** POST /api/v1/kiosk/gallery/refusals (device): who did not turn the head as asked, taken for whom and when; by ids of the device. */
export const faceRefusalsRequest = z.strictObject({
  refusals: z.array(z.strictObject({ refusalId: z.uuid(), personCode: z.uuid(), at: z.iso.datetime() })).min(1).max(50),
});
export type FaceRefusalsRequest = z.infer<typeof faceRefusalsRequest>;
export const impostorsAnswer = z.object({ noted: z.literal(true) });
