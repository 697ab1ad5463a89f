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

/** How far around the middle of a face a person is drawn, in widths of the face. */
const REACH = 1.3;

/** One person in one light, upright: everything further than a face's width from the middle fades into the wall, neighbours too. */
function portrait(photo: CanvasImageSource, person: DemoPerson, capture: DemoCapture): OffscreenCanvas {
  const reach = WIDTH * capture.share;
  const scale = reach / person.width;
  const side = Math.ceil(2 * REACH * reach);
  const layer = new OffscreenCanvas(side, side);
  const over = layer.getContext('2d');
  if (over === null) return layer;
  over.translate(side / 2, side / 2);
  over.filter = `brightness(${capture.brightness}) contrast(${capture.contrast})`;
  over.scale(scale, scale);
  over.drawImage(photo, -person.x, -person.y);
  over.filter = 'none';
  const fade = over.createRadialGradient(0, person.width * 0.1, person.width * 0.85, 0, person.width * 0.1, person.width * 1.2);
  fade.addColorStop(0, 'rgb(0 0 0 / 100%)');
  fade.addColorStop(1, 'rgb(0 0 0 / 0%)');
  over.globalCompositeOperation = 'destination-in';
  over.fillStyle = fade;
  over.fillRect(-person.width * 2, -person.width * 2, person.width * 4, person.width * 4);
  return layer;
}

/** A swaying person before the wall. Light and fading are made once for each capture: a camera costs a page next to nothing, and so should this one. */
class Sitter {
  private readonly portraits = new Map<DemoCapture, OffscreenCanvas>();

  constructor(private readonly photo: CanvasImageSource, private readonly person: DemoPerson) {}

  draw(paint: CanvasRenderingContext2D, capture: DemoCapture, atMs: number): void {
    const layer = this.portraits.get(capture) ?? portrait(this.photo, this.person, capture);
    this.portraits.set(capture, layer);
    const sway = Math.sin(atMs / 900);
    paint.save();
    paint.translate(WIDTH / 2 + sway * 10, HEIGHT / 2 + Math.cos(atMs / 1300) * 5);
    paint.rotate(((capture.turnDeg + sway * 1.2) * Math.PI) / 180);
    paint.drawImage(layer, -layer.width / 2, -layer.height / 2);
    paint.restore();
  }
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
  let sitter: Sitter | null = null;
  let posed: 'enrol' | 'visit' = 'visit';
  const draw = (): void => {
    const now = performance.now();
    drawRoom(paint);
    const enrol = ENROL_CAPTURES[Math.floor(now / ENROL_POSE_MS) % ENROL_CAPTURES.length];
    sitter?.draw(paint, posed === 'enrol' && enrol !== undefined ? enrol : VISIT_CAPTURE, now);
  };
  draw();
  const timer = setInterval(draw, 1000 / FRAMES_PER_S);
  const stream = canvas.captureStream(FRAMES_PER_S);
  return {
    stream,
    show(personId) {
      const person = DEMO_PEOPLE.find(({ id }) => id === personId);
      const photo = person === undefined ? undefined : photos.get(person.photo);
      sitter = person === undefined || photo === undefined ? null : new Sitter(photo, person);
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
