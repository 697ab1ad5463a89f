import { StreamableFile } from '@nestjs/common';

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** The name in Chinese for those who read it, and in plain letters for those who cannot (RFC 6266). */
export function fileAnswer({ fileName, content }: { readonly fileName: string; readonly content: Buffer }): StreamableFile {
  const plain = fileName.replace(/[^\x20-\x7e]/g, '').replace(/^-+/, '').replace(/["\\]/g, '');
  return new StreamableFile(content, {
    type: XLSX, disposition: `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(fileName)}`, length: content.length,
  });
}
