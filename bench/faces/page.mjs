import * as faceapi from 'face-api.js';
import { loadFaceEngine, SECOND_LOOKS } from '../../ui/face/index.ts';

/** Pictures smaller than this are enlarged, and padded because a tight crop defeats detection; for both pipelines. */
const SMALL_PX = 200;
const ENLARGE = 3;
const PAD = 0.4;

let engine = null;

/** The product's engine, and beside it the default detector of the library, which the product does not load. */
export async function setUp() {
  engine = await loadFaceEngine('/assets/');
  await faceapi.nets.ssdMobilenetv1.loadFromUri('/models');
}

async function frameOf(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  const small = image.naturalWidth < SMALL_PX;
  const [width, height] = [image.naturalWidth, image.naturalHeight].map((side) => side * (small ? ENLARGE : 1));
  const [left, top] = small ? [Math.round(width * PAD), Math.round(height * PAD)] : [0, 0];
  const canvas = Object.assign(document.createElement('canvas'), { width: width + 2 * left, height: height + 2 * top });
  const paint = canvas.getContext('2d', { willReadFrequently: true });
  paint.fillStyle = '#808080';
  paint.fillRect(0, 0, canvas.width, canvas.height);
  paint.imageSmoothingQuality = 'high';
  paint.drawImage(image, left, top, width, height);
  return canvas;
}

/** One picture through both pipelines: the library as its readme shows it, and the product's engine with each second look that may be chosen. */
export async function describe(address) {
  const frame = await frameOf(address);
  const raw = await faceapi.detectSingleFace(frame).withFaceLandmarks().withFaceDescriptor();
  const first = await engine.describe(frame, null);
  const looks = [];
  for (const look of first === null ? SECOND_LOOKS : []) {
    const view = await engine.describe(frame, look);
    looks.push(view === null ? null : [...view.descriptor]);
  }
  return {
    raw: raw === undefined ? null : [...raw.descriptor],
    first: first === null ? null : [...first.descriptor],
    looks,
  };
}
