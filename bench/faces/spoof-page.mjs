import { loadFaceEngine } from '../../ui/face/index.ts';

const [WIDTH, HEIGHT] = [640, 480];
/** What one looked-at frame takes at a kiosk, in ms of the feed. */
const STEP_MS = 160;
let engine = null;

export async function setUp() {
  engine = await loadFaceEngine('/assets/');
}

async function pictureOf(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}

/** Numbers from 0 to 1, the same for the same seed. */
function lots(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A picture laid onto the frame in columns, so that it may be slanted (keystone) and bent. */
function lay(paint, image, pose) {
  const scale = (HEIGHT * 0.8 * pose.scale) / image.naturalHeight;
  const [width, height] = [image.naturalWidth * scale, image.naturalHeight * scale];
  paint.save();
  paint.translate(WIDTH / 2 + pose.x, HEIGHT / 2 + pose.y);
  paint.rotate(pose.roll);
  const columns = 120;
  for (let column = 0; column < columns; column += 1) {
    const [from, to] = [column / columns - 0.5, (column + 1) / columns - 0.5];
    const across = (at) => width * (Math.cos(pose.slant) * at + pose.bend * Math.sin(at * Math.PI * 2) / (2 * Math.PI));
    const tall = height * (1 + Math.sin(pose.slant) * from);
    paint.drawImage(image, (column / columns) * image.naturalWidth, 0, image.naturalWidth / columns, image.naturalHeight, across(from), -tall / 2, across(to) - across(from) + 0.7, tall);
  }
  paint.restore();
}

function noise(paint, lot, strength) {
  const data = paint.getImageData(0, 0, WIDTH, HEIGHT);
  for (let at = 0; at < data.data.length; at += 4) {
    const shift = (lot() - 0.5) * strength;
    data.data[at] += shift;
    data.data[at + 1] += shift;
    data.data[at + 2] += shift;
  }
  paint.putImageData(data, 0, 0);
}

const STILL = { x: 0, y: 0, roll: 0, scale: 1, slant: 0, bend: 0 };
const wave = (seconds, period, phase) => Math.sin((2 * Math.PI * seconds) / period + phase);

/** How each kind of instrument is moved; `seconds` into the feed. */
const KINDS = {
  'photo on a stand': () => STILL,
  'printed photo in the hand': (seconds, phase) => ({ ...STILL, x: 30 * wave(seconds, 3, phase), y: 14 * wave(seconds, 2.3, phase), roll: 0.1 * wave(seconds, 2.6, phase), scale: 1 + 0.07 * wave(seconds, 3.4, phase) }),
  'photo on a moving tablet': (seconds, phase) => ({ ...STILL, x: 36 * wave(seconds, 2.4, phase), y: 12 * wave(seconds, 1.9, phase), roll: 0.06 * wave(seconds, 2, phase), slant: 0.35 * wave(seconds, 2.8, phase) }),
  'bent photo': (seconds, phase) => ({ ...STILL, x: 12 * wave(seconds, 3, phase), bend: 0.35 * wave(seconds, 2.2, phase), slant: 0.15 * wave(seconds, 3.1, phase) }),
  'replayed film': () => STILL,
};

/** One feed: what the engine sees of an instrument, frame by frame. @returns per frame the landmarks, or null where no face was found */
export async function feed(kind, addresses, frames, seed) {
  const lot = lots(seed);
  const phase = lot() * 2 * Math.PI;
  const images = await Promise.all(addresses.map(pictureOf));
  const canvas = Object.assign(document.createElement('canvas'), { width: WIDTH, height: HEIGHT });
  const paint = canvas.getContext('2d', { willReadFrequently: true });
  const seen = [];
  for (let frame = 0; frame < frames; frame += 1) {
    const seconds = (frame * STEP_MS) / 1000;
    paint.globalAlpha = 1;
    paint.fillStyle = '#808080';
    paint.fillRect(0, 0, WIDTH, HEIGHT);
    const film = kind === 'replayed film' ? Math.floor(frame / 3) % images.length : 0;
    lay(paint, images[film], KINDS[kind](seconds, phase));
    if (kind === 'replayed film' && frame % 3 === 2) {
      paint.globalAlpha = 0.5; // one picture passes into the next, as a moving head does
      lay(paint, images[(film + 1) % images.length], STILL);
    }
    noise(paint, lot, kind === 'photo on a moving tablet' ? 18 : 10);
    const view = await engine.describe(canvas);
    seen.push(view === null ? null : { atMs: frame * STEP_MS, landmarks: view.landmarks });
  }
  return seen;
}

export const kinds = () => Object.keys(KINDS);
