import { DEMO_PEOPLE, ENROL_CAPTURES, VISIT_CAPTURE, type DemoCapture, type DemoPerson } from './people.js';

export { DEMO_PEOPLE, type DemoPerson };

/** A camera that is not there: a drawn stream with one of the demo people, or nobody, in front of it. */
export interface DemoCamera {
  readonly stream: MediaStream;
  /** Puts a person in front of the camera; null: nobody. */
  show(personId: string | null): void;
  /** `enrol` shows the three captures of an enrolment in turn, `visit` another crop, angle and light. */
  pose(kind: 'enrol' | 'visit'): void;
  stop(): void;
}

const WIDTH = 640;
const HEIGHT = 480;
const FRAMES_PER_S = 15;
const ENROL_POSE_MS = 1500;

async function loadPhoto(address: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}

function drawRoom(paint: CanvasRenderingContext2D): void {
  const wall = paint.createLinearGradient(0, 0, 0, HEIGHT);
  wall.addColorStop(0, '#d9d0bf');
  wall.addColorStop(1, '#b7ab95');
  paint.fillStyle = wall;
  paint.fillRect(0, 0, WIDTH, HEIGHT);
}

/** Draws one person; everything further than a face's width from the middle fades into the wall, neighbours too. */
export function drawDemoPerson(
  paint: CanvasRenderingContext2D, photo: CanvasImageSource, person: DemoPerson, capture: DemoCapture, atMs: number,
): void {
  drawRoom(paint);
  const scale = (WIDTH * capture.share) / person.width;
  const sway = Math.sin(atMs / 900);
  const layer = new OffscreenCanvas(WIDTH, HEIGHT);
  const over = layer.getContext('2d');
  if (over === null) return;
  over.translate(WIDTH / 2 + sway * 10, HEIGHT / 2 + Math.cos(atMs / 1300) * 5);
  over.rotate(((capture.turnDeg + sway * 1.2) * Math.PI) / 180);
  over.scale(scale, scale);
  over.filter = `brightness(${capture.brightness}) contrast(${capture.contrast})`;
  over.drawImage(photo, -person.x, -person.y);
  over.filter = 'none';
  const reach = person.width;
  const fade = over.createRadialGradient(0, reach * 0.1, reach * 0.85, 0, reach * 0.1, reach * 1.2);
  fade.addColorStop(0, 'rgb(0 0 0 / 100%)');
  fade.addColorStop(1, 'rgb(0 0 0 / 0%)');
  over.globalCompositeOperation = 'destination-in';
  over.fillStyle = fade;
  over.fillRect(-reach * 9, -reach * 9, reach * 18, reach * 18);
  paint.drawImage(layer, 0, 0);
}

/** @param assetBase where the build step put the sample photos: the page's `face/` address */
export async function startDemoCamera(assetBase: string): Promise<DemoCamera> {
  const photos = new Map<string, HTMLImageElement>();
  for (const name of new Set(DEMO_PEOPLE.map((person) => person.photo))) {
    photos.set(name, await loadPhoto(`${assetBase}samples/${name}`));
  }
  const canvas = Object.assign(document.createElement('canvas'), { width: WIDTH, height: HEIGHT });
  const paint = canvas.getContext('2d');
  if (paint === null) throw new Error('this browser gives no 2D canvas');
  let shown: DemoPerson | null = null;
  let posed: 'enrol' | 'visit' = 'visit';
  const draw = (): void => {
    const now = performance.now();
    const photo = shown === null ? undefined : photos.get(shown.photo);
    if (shown === null || photo === undefined) return drawRoom(paint);
    const enrol = ENROL_CAPTURES[Math.floor(now / ENROL_POSE_MS) % ENROL_CAPTURES.length];
    drawDemoPerson(paint, photo, shown, posed === 'enrol' && enrol !== undefined ? enrol : VISIT_CAPTURE, now);
  };
  draw();
  const timer = setInterval(draw, 1000 / FRAMES_PER_S);
  const stream = canvas.captureStream(FRAMES_PER_S);
  return {
    stream,
    show(personId) {
      shown = DEMO_PEOPLE.find((person) => person.id === personId) ?? null;
      draw();
    },
    pose(kind) {
      posed = kind;
    },
    stop() {
      clearInterval(timer);
      for (const track of stream.getTracks()) track.stop();
    },
  };
}
