import { createReadStream } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Plugin, ResolvedConfig } from 'vite';

/** The networks of ui/face. Weights come with the face library's package; nothing is fetched. */
const MODELS = ['tiny_face_detector_model', 'face_landmark_68_model', 'face_recognition_model'];
const WASM = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'];
/** The runtime of other embedders; fetched by a page only where a setting names one, and left out of what a kiosk keeps beforehand. */
const ONNX = ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'];
const SAMPLES = [1, 2, 3, 4, 5, 6].map((number) => `sample${number}.jpg`);

const TYPES: Record<string, string> = {
  '.json': 'application/json', '.mjs': 'text/javascript', '.wasm': 'application/wasm', '.jpg': 'image/jpeg', '.bin': 'application/octet-stream',
};

function packageFolder(name: string): string {
  return path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}

/** Address below `face/` -> file in node_modules. */
function assets(): Map<string, string> {
  const library = packageFolder('face-api.js');
  const runtime = packageFolder('@tensorflow/tfjs-backend-wasm');
  const onnx = path.dirname(path.dirname(createRequire(import.meta.url).resolve('onnxruntime-web/wasm')));
  return new Map([
    ...MODELS.flatMap((name) => [`${name}.bin`, `${name}-weights_manifest.json`])
      .map((file): [string, string] => [`models/${file}`, path.join(library, 'model', file)]),
    ...WASM.map((file): [string, string] => [`wasm/${file}`, path.join(runtime, 'dist', file)]),
    ...ONNX.map((file): [string, string] => [`onnx/${file}`, path.join(onnx, 'dist', file)]),
    ...SAMPLES.map((file): [string, string] => [`samples/${file}`, path.join(library, 'demo', file)]),
  ]);
}

/**
 * Puts models, WebAssembly binaries and the demo camera's photos of the installed packages under `face/` of the page,
 * so that a kiosk needs no network but its own server.
 */
export function faceAssets(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'rehufan-face-assets',
    configResolved(resolved) {
      config = resolved;
    },
    configureServer(server) {
      const files = assets();
      server.middlewares.use((request, response, next) => {
        const address = (request.url ?? '').split('?')[0] ?? '';
        const file = address.startsWith(`${config.base}face/`) ? files.get(address.slice(config.base.length + 5)) : undefined;
        if (file === undefined) return next();
        response.setHeader('content-type', TYPES[path.extname(file)] ?? 'application/octet-stream');
        createReadStream(file).pipe(response);
      });
    },
    async writeBundle(options) {
      const target = path.join(options.dir ?? path.resolve(config.root, config.build.outDir), 'face');
      for (const [address, file] of assets()) {
        await mkdir(path.dirname(path.join(target, address)), { recursive: true });
        await copyFile(file, path.join(target, address));
      }
    },
  };
}
