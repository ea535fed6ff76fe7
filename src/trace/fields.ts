import { ADDRESS_LIMIT } from '../model/units.ts';
import { quoted, TraceFault } from './fault.ts';

const HEX = /^0x[0-9a-f]{1,16}$/i;

/**
 * Reads named fields of an object that came from outside, each with its own sentence when it is not
 * what it must be. One reader is aimed at object after object, so that reading allocates nothing.
 *
 * Only own properties are read: an object named `__proto__` in a file is a field nobody asks for.
 */
export class Fields {
  #values: Readonly<Record<string, unknown>> = {};
  #where = '';
  #line = 0;

  /** Reads `values` from here on; `line` (and `within`, a path like `pool`) go into the sentences. */
  aim(values: Readonly<Record<string, unknown>>, line: number, within = ''): this {
    this.#values = values;
    this.#line = line;
    this.#where = within;
    return this;
  }

  /** A reader aimed at the object in field `name`. */
  inner(name: string): Fields {
    const value = this.#values[name];
    if (!isObject(value)) throw this.fault(name, 'an object');
    return new Fields().aim(value, this.#line, `${this.#where}${name}.`);
  }

  /** Whether the field is there at all, null included. */
  has(name: string): boolean {
    return Object.hasOwn(this.#values, name);
  }

  /** Whether the field is there and not null. */
  present(name: string): boolean {
    return this.has(name) && !this.isNull(name);
  }

  isNull(name: string): boolean {
    return this.#values[name] === null;
  }

  /** A whole number from `min` to `max`. */
  whole(name: string, min: number, max: number): number {
    const value = this.#values[name];
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
      throw this.fault(name, `a whole number from ${min} to ${max}`);
    }
    return value;
  }

  /** The same, or `absent` when the field is missing or null. */
  wholeOr(name: string, min: number, max: number, absent: number): number {
    const value = this.#values[name];
    return value === undefined || value === null ? absent : this.whole(name, min, max);
  }

  /** true or false. */
  flag(name: string): boolean {
    const value = this.#values[name];
    if (typeof value !== 'boolean') throw this.fault(name, 'true or false');
    return value;
  }

  /** Whether the field says yes: true, or 1 as C prints it. */
  says(name: string): boolean {
    const value = this.#values[name];
    return value === true || value === 1;
  }

  /** Whether the field is exactly `value`. */
  is(name: string, value: boolean | number): boolean {
    return this.#values[name] === value;
  }

  /** One text, a list of texts, or nothing; as a list. */
  texts(name: string): readonly string[] {
    const value = this.#values[name];
    if (value === undefined || value === null) return [];
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (!list.every((entry) => typeof entry === 'string')) throw this.fault(name, 'text');
    return list;
  }

  /** Seconds, finite and not negative. */
  seconds(name: string): number {
    const value = this.#values[name];
    if (typeof value !== 'number' || !(value >= 0 && value < 1e12)) {
      throw this.fault(name, 'a time in seconds');
    }
    return value;
  }

  /** A mask of the form 2^k - 1 up to 2^32 - 1, as a number. */
  lowMask(name: string): number {
    const value = this.whole(name, 0, 2 ** 32 - 1);
    if (!Number.isInteger(Math.log2(value + 1)))
      throw this.fault(name, 'a mask of the form 2^k - 1');
    return value;
  }

  /** An address written in hex, below 2^52. */
  address(name: string): number {
    const address = addressOf(this.#values[name]);
    if (address === -1)
      throw this.fault(name, 'an address in hex below 2^52, such as "0x3e6c0000"');
    return address;
  }

  /** Up to 16 hex digits, kept as text. */
  hex(name: string): string {
    const value = this.#values[name];
    if (typeof value !== 'string' || !HEX.test(value)) {
      throw this.fault(name, 'up to 16 hex digits behind "0x"');
    }
    return value;
  }

  /** Text, cut at `max` characters. */
  text(name: string, max: number): string {
    const value = this.#values[name];
    if (typeof value !== 'string') throw this.fault(name, 'text');
    return value.slice(0, max);
  }

  textOr(name: string, max: number, absent: string): string {
    return this.present(name) ? this.text(name, max) : absent;
  }

  /** A list of at most `max` entries. */
  list(name: string, max: number): readonly unknown[] {
    const value = this.#values[name];
    if (!Array.isArray(value) || value.length > max) {
      throw this.fault(name, `a list of at most ${max} entries`);
    }
    return value;
  }

  /** A list of at most `max` entries, each a whole number from 0 to `limit`, or null. */
  wholesOrNull(name: string, max: number, limit: number): (number | null)[] {
    return this.list(name, max).map((value) => {
      if (value === null) return null;
      if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= limit) {
        return value;
      }
      throw new TraceFault(
        `Line ${this.#line}: ${this.#where}${name} holds ${quoted(value)}, expected whole numbers from 0 to ${limit}.`,
      );
    });
  }

  /** Every field that holds a number above 0, with its (shortened) name. */
  positiveNumbers(): [name: string, count: number][] {
    const found: [string, number][] = [];
    for (const [name, value] of Object.entries(this.#values)) {
      if (typeof value === 'number' && value > 0) found.push([name.slice(0, 40), value]);
    }
    return found;
  }

  isList(name: string): boolean {
    return Array.isArray(this.#values[name]);
  }

  /** Readers for a list of objects, each aimed at one. */
  objects(name: string, max: number): readonly Fields[] {
    return this.list(name, max).map((value, index) => {
      const within = `${this.#where}${name}[${index}]`;
      if (!isObject(value)) throw new TraceFault(`Line ${this.#line}: ${within} is not an object.`);
      return new Fields().aim(value, this.#line, `${within}.`);
    });
  }

  /** The sentence for a field that is not what it must be. */
  fault(name: string, expected: string): TraceFault {
    const value = Object.hasOwn(this.#values, name) ? this.#values[name] : undefined;
    return new TraceFault(
      `Line ${this.#line}: ${this.#where}${name} is ${quoted(value)}, expected ${expected}.`,
    );
  }
}

/** An address in hex as a number, or -1 when it is none or lies at or above 2^52. */
export function addressOf(value: unknown): number {
  if (typeof value !== 'string' || !HEX.test(value)) return -1;
  const address = Number.parseInt(value.slice(2), 16);
  return address < ADDRESS_LIMIT ? address : -1;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
