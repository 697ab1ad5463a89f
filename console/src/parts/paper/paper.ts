import PDFDocument from 'pdfkit';
import slices from 'virtual:paper-font';

const POINTS_PER_MM = 72 / 25.4;
/** A line is this much taller than its letters. */
const LEADING = 1.22;
/** Where letters stand in their line, from its top: their own height and half of the space between lines. */
const ABOVE = 0.98;
const WIDE_MM = 210;
const HIGH_MM = 297;
/** What stands where the font has no letter. */
const MISSING = '□';

export interface Ink { readonly sizeMm: number; readonly align?: 'left' | 'center' | 'right' }

/** Sheets of A4 as a PDF file, written in the browser; everything is told in millimetres from the upper left corner. */
export class Paper {
  private readonly doc: PDFKit.PDFDocument;
  private readonly written: Promise<Blob>;

  private constructor(title: string, private readonly fontOf: ReadonlyMap<number, string>, fonts: ReadonlyMap<string, ArrayBuffer>) {
    const options = { size: 'A4', margin: 0, autoFirstPage: false, font: null as unknown as string, lang: 'zh-CN', info: { Title: title } };
    this.doc = new PDFDocument(options);
    this.written = new Promise((resolve, reject) => {
      const parts: BlobPart[] = [];
      this.doc.on('data', (part: Uint8Array<ArrayBuffer>) => parts.push(part));
      this.doc.on('end', () => resolve(new Blob(parts, { type: 'application/pdf' })));
      this.doc.on('error', reject);
    });
    for (const [name, font] of fonts) this.doc.registerFont(name, font);
  }

  /**
   * @param words everything that will stand on the sheets: what the type needs for it is fetched first
   * @throws whatever the network throws where the type cannot be fetched
   */
  static async open(title: string, words: readonly string[]): Promise<Paper> {
    const fontOf = new Map<number, string>();
    const needed = new Set<string>();
    for (const point of new Set([...words.join(''), MISSING].flatMap((letter) => letter.codePointAt(0) ?? []))) {
      const slice = slices.find(({ ranges }) => ranges.some(([from, to]) => from <= point && point <= to));
      if (slice === undefined) continue;
      fontOf.set(point, slice.address);
      needed.add(slice.address);
    }
    const fonts = await Promise.all([...needed].map(async (address) => [address, await bytesAt(address)] as const));
    return new Paper(title, fontOf, new Map(fonts));
  }

  page(): void {
    this.doc.addPage();
  }

  /** The text in lines of at most this width: broken between any two signs, but not within a number or a Latin word. */
  lines(text: string, widthMm: number, sizeMm: number): string[] {
    const lines: string[] = [];
    let line = '';
    for (const piece of text.match(/[0-9A-Za-z:.-]+|[\s\S]/gu) ?? []) {
      const isFull = piece === '\n' || (line !== '' && this.widthMm(line + piece, sizeMm) > widthMm);
      if (isFull) lines.push(line);
      line = isFull ? piece.trim() : line + piece;
    }
    return [...lines, line];
  }

  /** @returns how high the written lines are */
  text(text: string, xMm: number, yMm: number, widthMm: number, ink: Ink): number {
    const lines = this.lines(text, widthMm, ink.sizeMm);
    lines.forEach((line, index) => {
      const spare = widthMm - this.widthMm(line, ink.sizeMm);
      const shift = ink.align === 'center' ? spare / 2 : ink.align === 'right' ? spare : 0;
      this.oneLine(line, xMm + shift, yMm + index * ink.sizeMm * LEADING, ink.sizeMm);
    });
    return this.heightMm(lines.length, ink.sizeMm);
  }

  heightMm(lines: number, sizeMm: number): number {
    return lines * sizeMm * LEADING;
  }

  widthMm(text: string, sizeMm: number): number {
    return this.runs(text).reduce((sum, { font, letters }) => sum + this.doc.font(font).fontSize(sizeMm * POINTS_PER_MM).widthOfString(letters), 0) / POINTS_PER_MM;
  }

  /** @param flatMm x y x y … */
  line(flatMm: readonly number[], thickMm: number, colour = '#000', dashMm: readonly number[] = []): void {
    const points = pairs(flatMm);
    if (points.length < 2) return;
    this.doc.save().lineWidth(thickMm * POINTS_PER_MM).lineJoin('round').lineCap('round').strokeColor(colour);
    if (dashMm.length > 0) this.doc.dash(dashMm[0] * POINTS_PER_MM, { space: (dashMm[1] ?? dashMm[0]) * POINTS_PER_MM });
    points.forEach(([x, y], index) => (index === 0 ? this.doc.moveTo(x * POINTS_PER_MM, y * POINTS_PER_MM) : this.doc.lineTo(x * POINTS_PER_MM, y * POINTS_PER_MM)));
    this.doc.stroke().restore();
  }

  box(xMm: number, yMm: number, widthMm: number, heightMm: number, thickMm: number): void {
    this.doc.save().lineWidth(thickMm * POINTS_PER_MM).rect(xMm * POINTS_PER_MM, yMm * POINTS_PER_MM, widthMm * POINTS_PER_MM, heightMm * POINTS_PER_MM).stroke('#000').restore();
  }

  dot(xMm: number, yMm: number, radiusMm: number, fill: string, edge: string, edgeMm: number): void {
    this.doc.save().lineWidth(edgeMm * POINTS_PER_MM).circle(xMm * POINTS_PER_MM, yMm * POINTS_PER_MM, radiusMm * POINTS_PER_MM).fillAndStroke(fill, edge).restore();
  }

  /** Draws within a frame what would otherwise run over its edge. */
  within(xMm: number, yMm: number, widthMm: number, heightMm: number, draw: () => void): void {
    this.doc.save().rect(xMm * POINTS_PER_MM, yMm * POINTS_PER_MM, widthMm * POINTS_PER_MM, heightMm * POINTS_PER_MM).clip();
    draw();
    this.doc.restore();
  }

  /** @param address a code as the server draws it: one line drawing in a square, as a data address */
  code(address: string, xMm: number, yMm: number, sideMm: number): void {
    const drawing = atob(address.slice(address.indexOf(',') + 1));
    const side = Number(/viewBox="0 0 (\d+)/.exec(drawing)?.[1]);
    const way = /stroke="#000000" d="([^"]+)"/.exec(drawing)?.[1];
    if (way === undefined || !(side > 0)) throw new Error('the code is drawn in another way than expected');
    this.doc.save().translate(xMm * POINTS_PER_MM, yMm * POINTS_PER_MM).scale((sideMm * POINTS_PER_MM) / side).lineWidth(1).lineCap('butt').path(way).stroke('#000').restore();
  }

  close(): Promise<Blob> {
    this.doc.end();
    return this.written;
  }

  private oneLine(line: string, xMm: number, yMm: number, sizeMm: number): void {
    let x = xMm * POINTS_PER_MM;
    const baseline = (yMm + sizeMm * ABOVE) * POINTS_PER_MM;
    for (const { font, letters } of this.runs(line)) {
      this.doc.font(font).fontSize(sizeMm * POINTS_PER_MM).fillColor('#000').text(letters, x, baseline, { lineBreak: false, baseline: 'alphabetic' });
      x += this.doc.widthOfString(letters);
    }
  }

  /** Neighbouring letters of one slice are written at once. */
  private runs(text: string): { font: string; letters: string }[] {
    const runs: { font: string; letters: string }[] = [];
    for (const sign of text) {
      const known = this.fontOf.get(sign.codePointAt(0) ?? 0);
      const font = known ?? this.fontOf.get(MISSING.codePointAt(0) ?? 0) ?? '';
      const letters = known === undefined ? MISSING : sign;
      const last = runs.at(-1);
      if (last?.font === font) last.letters += letters;
      else runs.push({ font, letters });
    }
    return runs;
  }
}

export const PAGE = { widthMm: WIDE_MM, heightMm: HIGH_MM, marginMm: 10 } as const;

async function bytesAt(address: string): Promise<ArrayBuffer> {
  const answer = await fetch(address);
  if (!answer.ok) throw new TypeError(`${answer.status} ${address}`);
  return answer.arrayBuffer();
}

function pairs(flat: readonly number[]): [number, number][] {
  return Array.from({ length: Math.floor(flat.length / 2) }, (_, index) => [flat[2 * index] ?? 0, flat[2 * index + 1] ?? 0]);
}
