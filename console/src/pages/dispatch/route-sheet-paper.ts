import type { RouteSheetsAnswer, SheetPage } from '../../../../src/contract/delivery.js';
import { dayInWords, instantText, periodText, shiftDay } from '../../../../ui/dictionary/days.js';
import { dictionary, t } from '../../../../ui/dictionary/index.js';
import { PAGE, Paper } from '../../parts/paper/paper.js';
import { drawSketch } from './sketch-on-paper.js';
import { boxKindText, dietsText, floorText, secondText } from './texts.js';

/** Sizes of type in millimetres; 4.3 mm are twelve points, less is never used for what is read at a door. */
interface Sizes { readonly name: number; readonly text: number; readonly seq: number; readonly head: number; readonly gap: number; readonly sketch: number; readonly code: number;
  /** The time stands beside the meal and not below it. */
  readonly isDense: boolean;
}
const ROOMY: Sizes = { name: 6.4, text: 5, seq: 9, head: 8, gap: 2.2, sketch: 58, code: 28, isDense: false };
const DENSE: Sizes = { name: 5.2, text: 4.3, seq: 7, head: 7, gap: 0.8, sketch: 28, code: 22, isDense: true };

const LEFT = PAGE.marginMm;
const WIDTH = PAGE.widthMm - 2 * PAGE.marginMm;
const BOTTOM = PAGE.heightMm - PAGE.marginMm;
const SEQ_WIDTH = 12;
const WHAT_WIDTH = 50;
const TIME_WIDTH = 13;
const DOOR_X = LEFT + SEQ_WIDTH;
const DOOR_WIDTH = WIDTH - SEQ_WIDTH - WHAT_WIDTH - 3;
const WHAT_X = LEFT + WIDTH - WHAT_WIDTH;
const TICKS = ['dispatch.sheet.tick.delivered', 'dispatch.sheet.tick.absent', 'dispatch.sheet.tick.refused'] as const;

type Stop = SheetPage['stops'][number];
interface Row { readonly stop: Stop; readonly heightMm: number }

/**
 * Route sheets as a PDF: A4, a page a trip; only where its doors do not fit in letters of twelve points does a trip go on
 * on a second page, which says so.
 * @param pages those of the answer that are wanted
 */
export async function routeSheetsPdf(sheets: RouteSheetsAnswer, pages: readonly SheetPage[]): Promise<Blob> {
  const paper = await Paper.open(t('dispatch.sheet.title'), wordsOf(sheets, pages));
  for (const page of pages) drawTrip(paper, sheets, page);
  return paper.close();
}

function drawTrip(paper: Paper, sheets: RouteSheetsAnswer, page: SheetPage): void {
  const roomy = sheetsOf(paper, sheets, page, ROOMY);
  const [sizes, parts] = roomy.length === 1 ? [ROOMY, roomy] : [DENSE, sheetsOf(paper, sheets, page, DENSE)];
  parts.forEach((rows, index) => {
    paper.page();
    let y = drawHead(paper, sheets, page, sizes, parts.length === 1 ? '' : ` (${index + 1}/${parts.length})`);
    for (const row of rows) {
      drawRow(paper, row, y, sizes);
      y += row.heightMm;
    }
    drawFoot(paper, sheets, page, sizes);
  });
}

/** The doors of a trip by page: as many as fit between head and foot. */
function sheetsOf(paper: Paper, sheets: RouteSheetsAnswer, page: SheetPage, sizes: Sizes): Row[][] {
  const room = BOTTOM - footHeight(sizes) - headHeight(paper, sheets, page, sizes);
  const parts: Row[][] = [];
  let used = Infinity;
  for (const stop of page.stops) {
    const row = { stop, heightMm: rowHeight(paper, stop, sizes) };
    if (used + row.heightMm > room) {
      parts.push([]);
      used = 0;
    }
    parts.at(-1)?.push(row);
    used += row.heightMm;
  }
  return parts;
}

const whenText = (sheets: RouteSheetsAnswer): string => `${dayInWords(sheets.day, shiftDay(sheets.day, 9))} ${periodText(sheets.period)} · ${sheets.depotName}`;
const timesText = (page: SheetPage): string => [t('dispatch.sheet.leave', { at: secondText(page.departS) }), t('dispatch.sheet.last', { at: secondText(page.lastDoorS) }), t('dispatch.sheet.boxes', { count: page.boxes })].join('   ');
const loadText = (page: SheetPage): string => [t('dispatch.sheet.load'), ...page.boxKinds.map((kind) => `□ ${boxKindText(kind)} × ${kind.boxes}`)].join('   ');
const howText = (stop: Stop): string => `${floorText(stop)}${stop.doorNote === '' ? '' : ` · ${stop.doorNote}`}`;
const dietText = (stop: Stop): string => (stop.diets.length === 0 ? stop.setCode : `${stop.setCode}  ${dietsText(stop.diets)}`);

const titleText = (page: SheetPage, part: string): string => `${page.crewName} · ${t('dispatch.plan.trip', { no: page.tripNo })}${part}`;
/** What stands at the top beside the codes, line by line, each as long as it is. */
const headWords = (sheets: RouteSheetsAnswer, page: SheetPage, sizes: Sizes, part: string): { text: string; sizeMm: number }[] => [
  { text: titleText(page, part), sizeMm: sizes.head }, { text: whenText(sheets), sizeMm: sizes.text }, { text: timesText(page), sizeMm: sizes.name },
  ...(sheets.status === 'draft' ? [{ text: t('dispatch.sheet.draft'), sizeMm: sizes.text }] : []),
];
const headWidth = (sizes: Sizes): number => WIDTH - 2 * (sizes.code + 8);
const loadHeight = (paper: Paper, page: SheetPage, sizes: Sizes): number => paper.heightMm(paper.lines(loadText(page), WIDTH, sizes.text).length, sizes.text);
/** As long as any page of a trip says which page it is, so that each has the same room. */
const LONGEST_PART = ' (2/2)';

function headHeight(paper: Paper, sheets: RouteSheetsAnswer, page: SheetPage, sizes: Sizes): number {
  const words = headWords(sheets, page, sizes, LONGEST_PART)
    .reduce((sum, { text, sizeMm }) => sum + paper.heightMm(paper.lines(text, headWidth(sizes), sizeMm).length, sizeMm), 0);
  return PAGE.marginMm + Math.max(words, sizes.code + 5) + 3 + loadHeight(paper, page, sizes) + 3;
}

/** @returns where the first door begins */
function drawHead(paper: Paper, sheets: RouteSheetsAnswer, page: SheetPage, sizes: Sizes, part: string): number {
  let y: number = PAGE.marginMm;
  for (const { text, sizeMm } of headWords(sheets, page, sizes, part)) y += paper.text(text, LEFT, y, headWidth(sizes), { sizeMm });
  [{ code: sheets.phonePageQr, word: t('dispatch.sheet.scan') }, { code: page.crateQr, word: t('dispatch.sheet.crate') }].forEach(({ code, word }, index) => {
    const x = LEFT + WIDTH - (2 - index) * (sizes.code + 8) + 4;
    paper.code(code, x, PAGE.marginMm, sizes.code);
    paper.text(word, x - 4, PAGE.marginMm + sizes.code, sizes.code + 8, { sizeMm: 3.2, align: 'center' });
  });
  const end = headHeight(paper, sheets, page, sizes);
  const load = end - loadHeight(paper, page, sizes);
  paper.line([LEFT, load - 4, LEFT + WIDTH, load - 4], 1);
  paper.text(loadText(page), LEFT, load - 2, WIDTH, { sizeMm: sizes.text });
  paper.line([LEFT, end, LEFT + WIDTH, end], 0.3);
  return end;
}

const nameWidth = (paper: Paper, stop: Stop, sizes: Sizes): number => paper.widthMm(stop.callName, sizes.name) + 2;

const dietWidth = (sizes: Sizes): number => WHAT_WIDTH - (sizes.isDense ? TIME_WIDTH : 0);

function rowHeight(paper: Paper, stop: Stop, sizes: Sizes): number {
  const address = paper.lines(stop.address, DOOR_WIDTH - nameWidth(paper, stop, sizes), sizes.text).length;
  const how = paper.lines(howText(stop), DOOR_WIDTH, sizes.text).length;
  const what = paper.lines(dietText(stop), dietWidth(sizes), sizes.text).length;
  const door = Math.max(paper.heightMm(1, sizes.name), paper.heightMm(address, sizes.text)) + paper.heightMm(how, sizes.text);
  return Math.max(door, paper.heightMm(what + (sizes.isDense ? 1 : 2), sizes.text)) + sizes.gap;
}

function drawRow(paper: Paper, { stop, heightMm }: Row, y: number, sizes: Sizes): void {
  const top = y + sizes.gap / 2;
  paper.text(String(stop.seq), LEFT, top, SEQ_WIDTH - 3, { sizeMm: sizes.seq, align: 'center' });
  const name = nameWidth(paper, stop, sizes);
  paper.text(stop.callName, DOOR_X, top, name + 1, { sizeMm: sizes.name });
  // Both stand on one line of writing: the smaller letters begin a little lower.
  const address = paper.text(stop.address, DOOR_X + name, top + (sizes.name - sizes.text), DOOR_WIDTH - name, { sizeMm: sizes.text });
  paper.text(howText(stop), DOOR_X, top + Math.max(paper.heightMm(1, sizes.name), address + sizes.name - sizes.text), DOOR_WIDTH, { sizeMm: sizes.text });
  const diet = paper.text(dietText(stop), WHAT_X, top, dietWidth(sizes), { sizeMm: sizes.text });
  // Who gets something other than the ordinary portion is framed: the wrong box harms.
  if (stop.diets.length > 0) paper.box(WHAT_X - 1, top, dietWidth(sizes), diet, 0.5);
  if (sizes.isDense) paper.text(secondText(stop.doorAtS), WHAT_X + dietWidth(sizes), top, TIME_WIDTH, { sizeMm: sizes.text, align: 'right' });
  const time = sizes.isDense ? 0 : paper.text(t('dispatch.crew.by', { at: secondText(stop.doorAtS) }), WHAT_X, top + diet, WHAT_WIDTH, { sizeMm: sizes.text });
  paper.text(TICKS.map((tick) => t(tick)).join(' '), WHAT_X, top + diet + time, WHAT_WIDTH + 2, { sizeMm: 4.3 });
  paper.line([LEFT, y + heightMm, LEFT + WIDTH, y + heightMm], 0.3);
}

const footHeight = (sizes: Sizes): number => sizes.sketch + 3;

function drawFoot(paper: Paper, sheets: RouteSheetsAnswer, page: SheetPage, sizes: Sizes): void {
  const top = BOTTOM - sizes.sketch;
  const wide = WIDTH * 0.58;
  drawSketch(paper, page.sketch, { xMm: LEFT, yMm: top, widthMm: wide, heightMm: sizes.sketch });
  const [x, width] = [LEFT + wide + 5, WIDTH - wide - 5];
  let y = top;
  y += paper.text(t('dispatch.sheet.call', { phone: sheets.depotPhone }), x, y, width, { sizeMm: sizes.text });
  y += paper.text(t('dispatch.sheet.keep'), x, y, width, { sizeMm: 4.3 });
  paper.text(t('common.printedAt', { at: instantText(sheets.printedAt) }), x, y, width, { sizeMm: 3.6 });
}

/** Every sign that may stand on the sheets, so that its type is there. */
function wordsOf(sheets: RouteSheetsAnswer, pages: readonly SheetPage[]): string[] {
  const said = Object.entries(dictionary).filter(([key]) => /^(dispatch\.|common\.(printedAt|day|period)|kitchen\.(diet|period))/.test(key)).flatMap(([, { zh, en }]) => [zh, en]);
  return [
    '0123456789:()/×·、 -□ABCDEFGHIJKLMNOPQRSTUVWXYZ', ...said, whenText(sheets), sheets.depotPhone, instantText(sheets.printedAt),
    ...pages.flatMap((page) => [page.crewName, loadText(page), ...page.stops.flatMap((stop) => [stop.callName, stop.address, howText(stop), dietText(stop)])]),
  ];
}
