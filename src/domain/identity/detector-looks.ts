/** How a frame is shown to the detector: the side it is scaled to, and a grey border as a share of the frame on each side. */
export interface DetectorLook { readonly inputSize: 224 | 320 | 416 | 512; readonly border: number }

export const FIRST_LOOK: DetectorLook = { inputSize: 416, border: 0 };

/**
 * What a second look may be, the cheaper one first. `bench:faces` chooses among them by one rule, fewest faces missed and
 * then the first of this list, on other people than those it scores.
 */
export const SECOND_LOOKS: readonly DetectorLook[] = ([224, 320, 416, 512] as const).flatMap((inputSize) => [0, 0.2, 0.4, 0.6].map((border) => ({ inputSize, border })))
  .filter(({ inputSize, border }) => inputSize !== FIRST_LOOK.inputSize || border !== FIRST_LOOK.border);

/** What the rule gives on all measured people; docs/FACES.md has what it gives where it may not see the people who are scored. */
export const SECOND_LOOK: DetectorLook = { inputSize: 224, border: 0.2 };
