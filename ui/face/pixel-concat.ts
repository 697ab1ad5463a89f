/** What a kernel of the tensor library's WebAssembly backend is given; only what is used here. */
interface TensorInfo { readonly dataId: object; readonly shape: readonly number[]; readonly dtype: string }
interface Backend {
  makeOutput(shape: readonly number[], dtype: string): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): Float32Array;
}
interface KernelCall { readonly inputs: readonly TensorInfo[]; readonly backend: Backend; readonly attrs: { readonly axis: number } }
interface Kernel { readonly kernelName: string; readonly backendName: string; readonly kernelFunc: (call: KernelCall) => TensorInfo | TensorInfo[] }

/** The door by which the tensor library takes kernels. */
export interface KernelBook {
  getKernel(name: string, backend: string): Kernel | undefined;
  unregisterKernel(name: string, backend: string): void;
  registerKernel(kernel: Kernel): void;
}

/** One number of each input beside the other, for each pixel: [1, h, w, 1] three times along the last axis. */
function laysPixels({ inputs, attrs }: KernelCall): boolean {
  const [first] = inputs;
  if (first === undefined || first.dtype !== 'float32' || attrs.axis !== first.shape.length - 1) return false;
  return inputs.every(({ shape, dtype }) => dtype === 'float32' && shape[shape.length - 1] === 1 && shape.every((side) => side > 0));
}

function layPixels({ inputs, backend }: KernelCall): TensorInfo {
  const [first] = inputs as readonly [TensorInfo, ...TensorInfo[]];
  const laid = backend.makeOutput([...first.shape.slice(0, -1), inputs.length], 'float32');
  const target = backend.typedArrayFromHeap(laid);
  inputs.forEach((input, at) => {
    const values = backend.typedArrayFromHeap(input);
    for (let from = 0, to = at; from < values.length; from += 1, to += inputs.length) target[to] = values[from] as number;
  });
  return laid;
}

/**
 * The face library subtracts the mean colour from a picture by a second picture of that colour, which the tensor library
 * puts together number by number through views of memory: more than half of a detector's time. The same numbers are written
 * here by a plain loop; every other join stays with the tensor library.
 */
export function layPixelsPlainly(book: KernelBook): void {
  const given = book.getKernel('Concat', 'wasm');
  if (given === undefined) return;
  book.unregisterKernel('Concat', 'wasm');
  book.registerKernel({ ...given, kernelFunc: (call) => (laysPixels(call) ? layPixels(call) : given.kernelFunc(call)) });
}
