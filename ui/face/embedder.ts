import type { Similarity, Point } from './chip.js';

/** An aligned face as its bytes, RGBA, row by row. */
export interface ChipPicture { readonly data: Uint8ClampedArray; readonly width: number; readonly height: number }

/**
 * What turns an aligned face into numbers. Everything else of the engine is the same for each: detection, landmarks,
 * quality, decision. Numbers of one embedder mean nothing to another, so its id goes wherever they go.
 */
export interface Embedder {
  /** Names network, version and alignment; stored with every template. */
  readonly modelId: string;
  /** Side of the square chip in pixels. */
  readonly chipPx: number;
  /** Numbers per face. */
  readonly length: number;
  /** Lays the 68 landmarks of a face onto this embedder's chip. */
  alignment(landmarks: readonly Point[]): Similarity;
  /** @returns the descriptor, not normalised */
  embed(chip: ChipPicture): Promise<Float32Array>;
}
