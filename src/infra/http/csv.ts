/** A text that a spreadsheet would read as a formula (or as the start of one after an import). */
const FORMULA_START = /^[=+\-@\t\r\n]/;

/**
 * One cell: always quoted; what a spreadsheet would take for a formula gets an apostrophe before it, so that a name
 * such as `=HYPERLINK(…)` stays a text.
 */
function cell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  const harmless = typeof value === 'string' && FORMULA_START.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}

/** RFC 4180 with a byte order mark, without which Excel reads Chinese as another encoding. */
export function writeCsv(header: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return `\uFEFF${[header, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}
