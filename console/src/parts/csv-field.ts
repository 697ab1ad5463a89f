/**
 * One field of a CSV file. A field that a spreadsheet would take for a formula gets a leading apostrophe, as do tab
 * and carriage return (and their full-width forms).
 */
export function csvField(text: string): string {
  const safe = /^\s*[=+\-@\t\r＝＋－＠]/u.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
