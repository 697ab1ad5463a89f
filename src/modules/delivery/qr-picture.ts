import QRCode from 'qrcode';

/** A QR code of a text as a PNG data address, readable from paper at arm's length. */
export function qrPicture(text: string): Promise<string> {
  return QRCode.toDataURL(text, { errorCorrectionLevel: 'M', margin: 1, width: 240 });
}
