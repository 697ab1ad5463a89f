/** What is used of the package, which brings no types. */
declare module 'subset-font' {
  /** @returns the font with the characters of the text alone, its axes narrowed as told */
  export default function subsetFont(
    source: Buffer, text: string,
    options: { readonly targetFormat: 'woff2' | 'truetype'; readonly variationAxes?: Readonly<Record<string, number | { readonly min: number; readonly max: number; readonly default: number }>> },
  ): Promise<Buffer>;
}
