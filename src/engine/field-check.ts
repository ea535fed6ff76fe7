/**
 * Checks of single fields of data from outside. Each gives null, or one sentence that names the
 * field, what was there and what was expected.
 */

/** The longest piece of a bad value that a sentence quotes. */
const QUOTED = 40;

/** A value as a sentence shows it. */
export function quoted(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, QUOTED));
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return `${value}`;
  if (value === undefined) return 'missing';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

/** Whether `value` is an object with fields, not a list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A finite number from `from` to `to`. */
export function numberFault(name: string, value: unknown, from: number, to: number): string | null {
  if (typeof value === 'number' && value >= from && value <= to) return null;
  return `${name} is ${quoted(value)}; it must be a number from ${from} to ${to}`;
}

/** A whole number from `from` to `to`. */
export function wholeFault(name: string, value: unknown, from: number, to: number): string | null {
  if (Number.isInteger(value) && numberFault(name, value, from, to) === null) return null;
  return `${name} is ${quoted(value)}; it must be a whole number from ${from} to ${to}`;
}

/** Text of `from` to `to` characters that are all printable. */
export function textFault(name: string, value: unknown, from: number, to: number): string | null {
  if (typeof value !== 'string') return `${name} is ${quoted(value)}; it must be text`;
  if (value.length < from || value.length > to) {
    return `${name} has ${value.length} characters; it must have ${from} to ${to}`;
  }
  return /\p{Cc}/u.test(value) ? `${name} holds a control character` : null;
}

/** What is wrong with a flag, in one clause, or null. */
export function flagFault(name: string, value: unknown): string | null {
  return typeof value === 'boolean'
    ? null
    : `${name} is ${quoted(value)}; it must be true or false`;
}

/** One of a closed set of words. */
export function wordFault(name: string, value: unknown, words: readonly string[]): string | null {
  if (typeof value === 'string' && words.includes(value)) return null;
  return `${name} is ${quoted(value)}; it must be one of ${words.join(', ')}`;
}
