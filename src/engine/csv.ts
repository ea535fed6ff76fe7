/**
 * Tables as comma-separated values, RFC 4180: CRLF ends each line, a field with a comma, a quote or a
 * line break stands in quotes. Text that a spreadsheet would take for a formula gets an apostrophe
 * in front, which a spreadsheet takes for "this is text"; numbers stay numbers.
 */

/** One field. */
export type CsvField = string | number;

const FORMULA = /^[=+\-@\t\r]/;
const TO_QUOTE = /[",\r\n]/;

function field(value: CsvField): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = FORMULA.test(value) ? `'${value}` : value;
  return TO_QUOTE.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One line, its end included. A number that is none is left empty. */
export function csvLine(fields: readonly CsvField[]): string {
  return `${fields.map(field).join(',')}\r\n`;
}
