/**
 * Faces in the sample photos of the face library's package. `x`, `y`: middle of the face, `width`: of the face, in
 * pixels of the photo. They are nobody's customers: they stand in for seniors where a newcomer has no camera.
 */
export interface DemoPerson {
  readonly id: string;
  readonly photo: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  { id: 'a', photo: 'sample6.jpg', x: 359, y: 661, width: 215 },
  { id: 'b', photo: 'sample6.jpg', x: 785, y: 540, width: 215 },
  { id: 'c', photo: 'sample6.jpg', x: 1268, y: 450, width: 215 },
  { id: 'd', photo: 'sample6.jpg', x: 1581, y: 448, width: 235 },
  { id: 'e', photo: 'sample3.jpg', x: 698, y: 490, width: 240 },
  { id: 'g', photo: 'sample5.jpg', x: 1190, y: 337, width: 215 },
  { id: 'h', photo: 'sample5.jpg', x: 1500, y: 560, width: 225 },
];

/** How a person is pictured: the enrolment and the visit are different crops, rotations and light. */
export interface DemoCapture {
  /** Clockwise, degrees. */
  readonly turnDeg: number;
  /** Face width as a share of the picture's width. */
  readonly share: number;
  /** 1: as in the photo. */
  readonly brightness: number;
  readonly contrast: number;
}

export const ENROL_CAPTURES: readonly DemoCapture[] = [
  { turnDeg: -4, share: 0.38, brightness: 1, contrast: 1 },
  { turnDeg: 3, share: 0.35, brightness: 1.08, contrast: 0.96 },
  { turnDeg: 0, share: 0.41, brightness: 0.94, contrast: 1.05 },
];

export const VISIT_CAPTURE: DemoCapture = { turnDeg: 6, share: 0.33, brightness: 0.88, contrast: 1.08 };
