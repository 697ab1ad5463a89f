import { layPixelsPlainly, type KernelBook } from '../../../ui/face/pixel-concat.js';

interface Tensor { dataId: object; shape: number[]; dtype: string; values: Float32Array }
type Kernel = NonNullable<ReturnType<KernelBook['getKernel']>>;

const tensor = (shape: number[], values: readonly number[], dtype = 'float32'): Tensor => ({ dataId: {}, shape, dtype, values: Float32Array.from(values) });
const backend = {
  makeOutput: (shape: readonly number[], dtype: string): Tensor => tensor([...shape], new Array<number>(shape.reduce((size, side) => size * side, 1)).fill(0), dtype),
  typedArrayFromHeap: (one: unknown): Float32Array => (one as Tensor).values,
};

/** A book with a kernel of its own that says so. */
function bookWith(given: Kernel | undefined): { book: KernelBook; kernel: () => Kernel | undefined } {
  let kernel = given;
  return {
    book: { getKernel: () => kernel, unregisterKernel: () => { kernel = undefined; }, registerKernel: (one) => { kernel = one; } }, kernel: () => kernel,
  };
}

describe('joining pictures of one value', () => {
  const theirs = tensor([1], [7]);
  const { book, kernel } = bookWith({ kernelName: 'Concat', backendName: 'wasm', kernelFunc: () => theirs });
  layPixelsPlainly(book);
  const join = (inputs: Tensor[], axis: number): unknown => kernel()?.kernelFunc({ inputs, backend: backend, attrs: { axis } });

  it('lays their numbers side by side, pixel by pixel', () => {
    const joined = join([tensor([1, 1, 2, 1], [1, 2]), tensor([1, 1, 2, 1], [3, 4]), tensor([1, 1, 2, 1], [5, 6])], 3) as Tensor;
    expect([joined.shape, [...joined.values]]).toEqual([[1, 1, 2, 3], [1, 3, 5, 2, 4, 6]]);
  });

  it.each([
    ['another axis', [tensor([1, 1, 2, 1], [1, 2])], 2], ['more than one number a pixel', [tensor([1, 1, 1, 2], [1, 2])], 3],
    ['whole numbers', [tensor([1, 1, 2, 1], [1, 2], 'int32')], 3], ['nothing', [tensor([1, 0, 2, 1], [])], 3],
  ])('leaves %s to the library', (_name, inputs, axis) => {
    expect(join(inputs, axis)).toBe(theirs);
  });

  it('changes nothing where the library has no such kernel', () => {
    const empty = bookWith(undefined);
    layPixelsPlainly(empty.book);
    expect(empty.kernel()).toBeUndefined();
  });
});
