/**
 * What is wrong with data from outside, in one sentence for the person who brought it: what it is,
 * where it stands, what was expected. Thrown while reading, caught once by whoever opened the file.
 */
export class TraceFault extends Error {
  override readonly name = 'TraceFault';
}

/** Longest piece of foreign text that a sentence quotes. */
const QUOTE_CHARS = 60;

/** A foreign value as a sentence may show it: short, on one line, never a whole file. */
export function quoted(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'string') {
    const short = value.length > QUOTE_CHARS ? `${value.slice(0, QUOTE_CHARS)}…` : value;
    return JSON.stringify(short);
  }
  if (typeof value === 'number') return String(value);
  if (value === null || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? `a list of ${value.length}` : 'an object';
}
