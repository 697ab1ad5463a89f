import { unzipSync } from 'fflate';

/** A day of a street has some hundred payments; what unpacks to more than this is no bill. */
const UNPACKED_MOST = 8_000_000;
const ZIP = [0x50, 0x4b, 0x03, 0x04];
/** Alipay puts a summary beside the list; the list is the file whose name does not say so. */
const SUMMARY = /汇总|summary|_hz/i;

/**
 * The text of a bill file: CSV as it is, or the list inside an archive. UTF-8, or GBK as both platforms also write it.
 *
 * @returns null for an archive that is broken, holds no list, or unpacks to more than a bill can be
 */
export function billText(bytes: Uint8Array): string | null {
  if (!ZIP.every((byte, index) => bytes[index] === byte)) return decode(bytes);
  let unpacked = 0;
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        unpacked += originalSize;
        return /\.csv$/i.test(name) && unpacked <= UNPACKED_MOST;
      },
    });
    if (unpacked > UNPACKED_MOST) return null;
    const texts = Object.entries(files).filter(([, content]) => content.length <= UNPACKED_MOST).map(([name, content]) => ({ name, text: decode(content) }));
    // Older archives name their files in GBK, which arrives garbled: then the list is the one with the column of orders.
    return texts.find(({ name, text }) => !SUMMARY.test(name) && text.includes('商户订单号'))?.text ?? null;
  } catch {
    return null;
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}
