import QRCode from 'qrcode';

/** A QR code of a text as the data address of a drawing: sharp at every size, on paper as on a screen. */
export async function qrPicture(text: string): Promise<string> {
  const drawing = await QRCode.toString(text, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 });
  return `data:image/svg+xml;base64,${Buffer.from(drawing, 'utf8').toString('base64')}`;
}
