/** Written by `ui/build/paper-font.ts`. */
declare module 'virtual:paper-font' {
  /** Each slice of the type: where it lies and the code points in it. */
  const slices: readonly { readonly address: string; readonly ranges: readonly (readonly [number, number])[] }[];
  export default slices;
}
