import { pick, t } from '../../../ui/dictionary/index.js';
import type { KioskPaymentAnswer } from '../../../src/contract/kiosk.js';
import { yuan } from '../parts/yuan.js';
import { PAPER_DOTS } from './esc-pos.js';

interface Line { readonly left: string; readonly right?: string; readonly dots: number; readonly bold?: boolean; readonly middle?: boolean }

const BODY = 26;
const when = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', dateStyle: 'medium', timeStyle: 'short' });

function linesOf(answer: KioskPaymentAnswer): Line[] {
  const money = (fen: number): string => `${yuan(fen)} ${t('kiosk.yuan')}`;
  return [
    { left: t('kiosk.slip.title'), dots: 32, bold: true, middle: true },
    { left: answer.pointName, dots: BODY, middle: true },
    { left: when.format(new Date(answer.soldAt)), dots: BODY, middle: true },
    { left: answer.pickupNo, dots: 84, bold: true, middle: true },
    { left: `${answer.maskedName} · ${answer.mealName}`, dots: BODY },
    { left: t('kiosk.slip.gross'), right: money(answer.grossFen), dots: BODY },
    ...answer.payers.map((payer): Line => ({ left: pick(payer.label), right: money(payer.amountFen), dots: BODY })),
    { left: t('kiosk.slip.due'), right: money(answer.dueFen), dots: 30, bold: true },
    { left: pick(answer.explanation), dots: BODY },
    { left: `${t('kiosk.slip.receipt')} ${answer.receiptNo}`, dots: BODY },
  ];
}

/** The slip as a picture of 58 mm paper, black on white; long lines are broken, nothing is cut off. */
export function drawSlip(answer: KioskPaymentAnswer): ImageData | null {
  const canvas = Object.assign(document.createElement('canvas'), { width: PAPER_DOTS, height: 1 });
  const paint = canvas.getContext('2d', { willReadFrequently: true });
  if (paint === null) return null;
  const fontOf = ({ dots, bold }: Line): string => `${bold === true ? 700 : 500} ${dots}px ${getComputedStyle(document.body).fontFamily}`;
  const rows = linesOf(answer).flatMap((line) => {
    paint.font = fontOf(line);
    const room = PAPER_DOTS - (line.right === undefined ? 0 : paint.measureText(line.right).width + 12);
    return broken(paint, line.left, room).map((left, index): Line => (index === 0 ? { ...line, left } : { left, dots: line.dots }));
  });
  canvas.height = Math.ceil(rows.reduce((sum, { dots }) => sum + dots * 1.4, 0));
  paint.fillStyle = '#fff';
  paint.fillRect(0, 0, canvas.width, canvas.height);
  paint.fillStyle = '#000';
  paint.textBaseline = 'top';
  let top = 0;
  for (const row of rows) {
    paint.font = fontOf(row);
    paint.fillText(row.left, row.middle === true ? Math.max(0, (PAPER_DOTS - paint.measureText(row.left).width) / 2) : 0, top + row.dots * 0.2);
    if (row.right !== undefined) paint.fillText(row.right, PAPER_DOTS - paint.measureText(row.right).width, top + row.dots * 0.2);
    top += row.dots * 1.4;
  }
  return paint.getImageData(0, 0, canvas.width, canvas.height);
}

function broken(paint: CanvasRenderingContext2D, text: string, room: number): string[] {
  const rows = [''];
  for (const character of text) {
    const longer = (rows.at(-1) ?? '') + character;
    if (paint.measureText(longer).width <= room || rows.at(-1) === '') rows[rows.length - 1] = longer;
    else rows.push(character);
  }
  return rows;
}
