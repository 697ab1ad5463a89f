import * as faceapi from 'face-api.js';
import { FACE_MODEL_ID } from '../../src/contract/faces.js';
import { DESCRIPTOR_LENGTH, FIRST_LOOK, normalise, SECOND_LOOK, type DetectorLook, type UnitVector } from '../../src/domain/identity/index.js';
import { CHIP_SIZE_PX, chipTransform, type Point, type Similarity } from './chip.js';
import type { ChipPicture, Embedder } from './embedder.js';

import { layPixelsPlainly, type KernelBook } from './pixel-concat.js';
import { qualityOf, type FaceQuality } from './quality.js';

/** One face of one frame. Positions are in pixels of the frame; `descriptor` has length one. */
export interface FaceView {
  readonly descriptor: UnitVector;
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly quality: FaceQuality;
  readonly landmarks: readonly Point[];
  /** Others about as near to the camera as this one; people further back in the queue do not count. */
  readonly rivals: number;
}

export type FrameSource = HTMLVideoElement | HTMLCanvasElement | HTMLImageElement;

export interface FaceEngine {
  readonly modelId: string;
  /**
   * The nearest face of the frame, or null. The frame itself is neither kept nor sent.
   *
   * @param second how a frame is looked at again in which the first look finds nobody; null: not at all
   */
  describe(source: FrameSource, second?: DetectorLook | null): Promise<FaceView | null>;
  /** Whether a face is in the frame; whose is not looked at. */
  isAnybody(source: FrameSource): Promise<boolean>;
  /** The face of the last frame as another embedder describes it; null where that frame showed nobody. */
  describeAs(embedder: Embedder): Promise<UnitVector | null>;
}

/** What the detector must give a face at least, in either look. */
const LEAST_SCORE = 0.4;

/** Share of the largest face's area from which another face counts as standing in front, too. */
const RIVAL_SHARE = 0.45;

/** Frames are looked at with at most this width; faces of seated and standing people stay well above 100 px. */
const FRAME_WIDTH_PX = 640;

const canvasOf = (width: number, height: number): HTMLCanvasElement => Object.assign(document.createElement('canvas'), { width, height });

/** A 2D context that is read back often. */
function context(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const result = canvas.getContext('2d', { willReadFrequently: true });
  if (result === null) throw new Error('this browser gives no 2D canvas');
  return result;
}

function sizeOf(source: FrameSource): { width: number; height: number } {
  if (source instanceof HTMLVideoElement) return { width: source.videoWidth, height: source.videoHeight };
  if (source instanceof HTMLImageElement) return { width: source.naturalWidth, height: source.naturalHeight };
  return { width: source.width, height: source.height };
}

/** The embedder that this release carries: the library's ResNet on the chip that it was trained on. */
class LibraryEmbedder implements Embedder {
  readonly modelId = FACE_MODEL_ID;

  readonly chipPx = CHIP_SIZE_PX;

  readonly length = DESCRIPTOR_LENGTH;

  private readonly canvas = canvasOf(CHIP_SIZE_PX, CHIP_SIZE_PX);

  alignment(landmarks: readonly Point[]): Similarity {
    return chipTransform(landmarks);
  }

  async embed(chip: ChipPicture): Promise<Float32Array> {
    context(this.canvas).putImageData(new ImageData(new Uint8ClampedArray(chip.data), chip.width, chip.height), 0, 0);
    const descriptor = await faceapi.computeFaceDescriptor(this.canvas);
    if (!(descriptor instanceof Float32Array)) throw new Error('more than one face on a chip');
    return descriptor;
  }
}

/** The bundled embedder beside another one that the engine runs. */
export async function loadLibraryEmbedder(assetBase: string): Promise<Embedder> {
  await faceapi.nets.faceRecognitionNet.loadFromUri(`${assetBase.endsWith('/') ? assetBase : `${assetBase}/`}models`);
  return new LibraryEmbedder();
}

class WasmFaceEngine implements FaceEngine {

  private readonly frame = canvasOf(1, 1);

  private readonly chip = canvasOf(1, 1);

  private readonly detector = new faceapi.TinyFaceDetectorOptions({ inputSize: FIRST_LOOK.inputSize, scoreThreshold: LEAST_SCORE });

  private readonly wider = canvasOf(1, 1);

  /** Landmarks of the last frame, in pixels of the working frame. */
  private last: readonly Point[] | null = null;

  constructor(private readonly embedder: Embedder) {}

  async describeAs(embedder: Embedder): Promise<UnitVector | null> {
    if (this.last === null) return null;
    return normalise(await embedder.embed(this.cutChip(embedder.alignment(this.last), embedder.chipPx)));
  }

  get modelId(): string {
    return this.embedder.modelId;
  }

  async isAnybody(source: FrameSource): Promise<boolean> {
    return this.takeFrame(source) > 0 && (await this.boxes(SECOND_LOOK)).length > 0;
  }

  async describe(source: FrameSource, second: DetectorLook | null = SECOND_LOOK): Promise<FaceView | null> {
    const scale = this.takeFrame(source);
    if (scale === 0) return null;
    const boxes = await this.boxes(second);
    const [box] = boxes;
    this.last = null;
    if (box === undefined) return null;
    const landmarks = await this.landmarksOf(box);
    this.last = landmarks;
    // Quality is judged on the one chip that its figures were measured on, whatever the embedder wants.
    const pixels = this.cutChip(chipTransform(landmarks), CHIP_SIZE_PX);
    const own = this.embedder.modelId === FACE_MODEL_ID ? pixels : this.cutChip(this.embedder.alignment(landmarks), this.embedder.chipPx);
    const descriptor = await this.embedder.embed(own);
    const up = (value: number): number => value / scale;
    return {
      descriptor: normalise(descriptor),
      box: { x: up(box.x), y: up(box.y), width: up(box.width), height: up(box.height) },
      quality: qualityOf({ faceWidthPx: box.width, landmarks, chip: pixels }),
      landmarks: landmarks.map(({ x, y }) => ({ x: up(x), y: up(y) })),
      rivals: boxes.slice(1).filter((other) => other.area >= box.area * RIVAL_SHARE).length,
    };
  }

  /**
   * Boxes of the frame, largest first. The detector now and then misses a plain face that fills the frame and finds it
   * in another size or with a border: a miss costs a second look, a hit costs nothing.
   */
  private async boxes(look: DetectorLook | null): Promise<faceapi.Box[]> {
    const first = await faceapi.detectAllFaces(this.frame, this.detector);
    if (first.length > 0 || look === null) return first.map((face) => face.box).sort((a, b) => b.area - a.area);
    const { width, height } = this.frame;
    const [left, top] = [Math.round(width * look.border), Math.round(height * look.border)];
    this.wider.width = width + 2 * left;
    this.wider.height = height + 2 * top;
    const paint = context(this.wider);
    paint.fillStyle = '#808080';
    paint.fillRect(0, 0, this.wider.width, this.wider.height);
    paint.drawImage(this.frame, left, top);
    const second = await faceapi.detectAllFaces(this.wider, new faceapi.TinyFaceDetectorOptions({ inputSize: look.inputSize, scoreThreshold: LEAST_SCORE }));
    return second.map(({ box }) => new faceapi.Box({ x: box.x - left, y: box.y - top, width: box.width, height: box.height }))
      .sort((a, b) => b.area - a.area);
  }

  /** Draws the source into the working frame; returns its scale, 0 where there is no picture yet. */
  private takeFrame(source: FrameSource): number {
    const { width, height } = sizeOf(source);
    if (width === 0 || height === 0) return 0;
    const scale = Math.min(1, FRAME_WIDTH_PX / width);
    this.frame.width = Math.round(width * scale);
    this.frame.height = Math.round(height * scale);
    context(this.frame).drawImage(source, 0, 0, this.frame.width, this.frame.height);
    return scale;
  }

  private async landmarksOf(box: faceapi.Box): Promise<Point[]> {
    const area = box.floor().clipAtImageBorders(this.frame.width, this.frame.height);
    const cut = canvasOf(Math.max(1, area.width), Math.max(1, area.height));
    context(cut).drawImage(this.frame, area.x, area.y, cut.width, cut.height, 0, 0, cut.width, cut.height);
    const result = await faceapi.detectFaceLandmarks(cut);
    const shape = Array.isArray(result) ? result[0] : result;
    if (shape === undefined) throw new Error('no landmarks for a face');
    return shape.positions.map((point) => ({ x: point.x + area.x, y: point.y + area.y }));
  }

  private cutChip({ a, b, tx, ty }: Similarity, sidePx: number): ImageData {
    this.chip.width = sidePx;
    this.chip.height = sidePx;
    const target = context(this.chip);
    target.setTransform(1, 0, 0, 1, 0, 0);
    target.fillStyle = '#000';
    target.fillRect(0, 0, sidePx, sidePx);
    target.setTransform(a, b, -b, a, tx, ty);
    target.imageSmoothingQuality = 'high';
    target.drawImage(this.frame, 0, 0);
    target.setTransform(1, 0, 0, 1, 0, 0);
    return target.getImageData(0, 0, sidePx, sidePx);
  }
}

/** The part of the bundled tensor library that is used here; the face library's types leave it out. */
interface TensorRuntime extends KernelBook {
  env(): { set(flag: string, value: boolean): void };
  setWasmPaths(prefix: string): void;
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
}

/** Loads models and backend and runs each network once; see the door of this folder. Another embedder replaces the library's, whose network is then not loaded. */
export async function load(assetBase: string, other: Embedder | null): Promise<FaceEngine> {
  const base = assetBase.endsWith('/') ? assetBase : `${assetBase}/`;
  const runtime = faceapi.tf as unknown as TensorRuntime;
  // The threaded build starts workers from blob: addresses, which the page's content security policy rightly forbids.
  runtime.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  runtime.setWasmPaths(`${base}wasm/`);
  if (!await runtime.setBackend('wasm')) throw new Error('this browser runs no WebAssembly');
  await runtime.ready();
  layPixelsPlainly(runtime);
  await Promise.all([
    faceapi.nets.tinyFaceDetector.loadFromUri(`${base}models`),
    faceapi.nets.faceLandmark68Net.loadFromUri(`${base}models`),
    other === null ? faceapi.nets.faceRecognitionNet.loadFromUri(`${base}models`) : Promise.resolve(),
  ]);
  const blank = canvasOf(FRAME_WIDTH_PX, 480);
  context(blank).fillRect(0, 0, blank.width, blank.height);
  const embedder = other ?? new LibraryEmbedder();
  const engine = new WasmFaceEngine(embedder);
  await engine.describe(blank);
  const chip = canvasOf(CHIP_SIZE_PX, CHIP_SIZE_PX);
  context(chip).fillRect(0, 0, CHIP_SIZE_PX, CHIP_SIZE_PX);
  await faceapi.detectFaceLandmarks(chip);
  await embedder.embed({ data: new Uint8ClampedArray(embedder.chipPx ** 2 * 4), width: embedder.chipPx, height: embedder.chipPx });
  return engine;
}
