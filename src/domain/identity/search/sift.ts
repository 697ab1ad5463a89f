import { SIFT_BYTES } from './sift-bytes.js';

/** What is used of WebAssembly; the server is compiled without the browser's types. */
interface WasmRuntime {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: Record<string, Record<string, object>>) => { readonly exports: Record<string, unknown> };
  Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
}

/** The exported function; addresses are bytes of the memory that it was made with. See sift.wat. */
export type Sift = (
  rows: number, bounds: number, count: number, width: number,
  probe: number, step: number, slack: number, best: number, wanted: number, found: number,
) => number;

const PAGE_BYTES = 65_536;

let compiledOnce: object | null | undefined;

/** Compiled once; null where this machine's WebAssembly lacks SIMD. */
function sharedModule(wasm: WasmRuntime): object | null {
  if (compiledOnce !== undefined) return compiledOnce;
  const bytes = Uint8Array.from(atob(SIFT_BYTES), (letter) => letter.charCodeAt(0));
  compiledOnce = wasm.validate(bytes) ? new wasm.Module(bytes) : null;
  return compiledOnce;
}

/** Memory of at least `bytes` with the sift over it, or null where there is no WebAssembly SIMD. */
export function newSift(bytes: number): { memory: ArrayBuffer; sift: Sift } | null {
  const wasm = (globalThis as unknown as { WebAssembly?: WasmRuntime }).WebAssembly;
  const compiled = wasm === undefined ? null : sharedModule(wasm);
  if (wasm === undefined || compiled === null) return null;
  const memory = new wasm.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
  const { exports } = new wasm.Instance(compiled, { sift: { memory } });
  return { memory: memory.buffer, sift: exports['sift'] as Sift };
}
