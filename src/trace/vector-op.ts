import { ADDRESS_LIMIT } from '../model/units.ts';
import { quoted, TraceFault } from './fault.ts';
import { CPU_LIMIT, SIZE_LIMIT } from './header-check.ts';
import { parseJson } from './read-lines.ts';
import { checkAnswers, type Answer } from './recorded-pages.ts';

/** What stands at a line's end besides numbers. */
export interface VectorExtra {
  /** What the page allocator answered. */
  readonly answers: readonly Answer[];
  /** A transient pool: number, start, slots. */
  readonly transient: readonly number[] | null;
  /** 1 when the growth worker was queued. */
  readonly kick: number;
  /** One-time warnings. */
  readonly once: number;
  /** Number of the transient pool destroyed, or -1. */
  readonly gone: number;
}

const NO_EXTRA: VectorExtra = { answers: [], transient: null, kick: 0, once: 0, gone: -1 };
const POOL_FACTS = 4;
const NO_ENTRIES: readonly unknown[] = [];

/**
 * One operation of a `swiotlb-trace/1` file. Everything that comes out of it is a whole number in
 * range; the rest is refused in one sentence. One object, filled again for each line.
 */
export class VectorOp {
  /** The operation's letter; the replay says which it knows. */
  kind = '';
  extra = NO_EXTRA;
  #line = 0;
  #entries = NO_ENTRIES;

  /** Takes the next line. @throws TraceFault when it is not a list that begins with a text. */
  read(text: string, line: number): void {
    const entries = parseJson(text, line);
    if (!Array.isArray(entries)) throw new TraceFault(`Line ${line} is not a list in brackets.`);
    this.#line = line;
    this.#entries = entries;
    const kind: unknown = entries[0];
    if (typeof kind !== 'string') throw this.fault(0, 'the letter of an operation');
    this.kind = kind;
    const last: unknown = entries.at(-1);
    this.extra = isExtra(last) ? this.#checkExtra(last) : NO_EXTRA;
  }

  /** Entry `at`, a whole number from `min` to `max`; any that is exact unless told. */
  whole(at: number, min = -Number.MAX_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER): number {
    const value = this.#entries[at];
    if (isWhole(value, min, max)) return value;
    throw this.fault(at, `a whole number ${rangeText(min, max)}`);
  }

  /** An address below 2^52. */
  address(at: number): number {
    return this.whole(at, 0, ADDRESS_LIMIT - 1);
  }

  /** A number of bytes. */
  size(at: number): number {
    return this.whole(at, 1, SIZE_LIMIT);
  }

  cpu(at: number): number {
    return this.whole(at, 0, CPU_LIMIT - 1);
  }

  /** A mask of the form 2^k - 1. */
  lowMask(at: number): number {
    const mask = this.whole(at, 0, SIZE_LIMIT);
    if (Number.isInteger(Math.log2(mask + 1))) return mask;
    throw this.fault(at, 'a mask of the form 2^k - 1');
  }

  /** A list of at most `max` whole numbers. */
  wholes(at: number, max: number): readonly number[] {
    const list = this.#entries[at];
    if (isWholes(list) && list.length <= max) return list;
    throw this.fault(at, `a list of at most ${max} whole numbers`);
  }

  /** The sentence for entry `at`. */
  fault(at: number, expected: string): TraceFault {
    const value = quoted(this.#entries[at]);
    return new TraceFault(`Line ${this.#line}: entry ${at} is ${value}, expected ${expected}.`);
  }

  #checkExtra(extra: Readonly<Record<string, unknown>>): VectorExtra {
    const whole = (name: string, absent: number): number => {
      const value = extra[name];
      if (value === undefined) return absent;
      if (isWhole(value, -1, Number.MAX_SAFE_INTEGER)) return value;
      throw this.#extraFault(name, value, 'a whole number');
    };
    const { T, ev } = extra;
    if (T !== undefined && !(isWholes(T) && T.length <= POOL_FACTS)) {
      throw this.#extraFault('T', T, `a list of at most ${POOL_FACTS} whole numbers`);
    }
    return {
      answers: ev === undefined ? NO_EXTRA.answers : checkAnswers(ev, this.#line),
      transient: T ?? null,
      kick: whole('kick', 0),
      once: whole('once', 0),
      gone: whole('gone', -1),
    };
  }

  #extraFault(name: string, value: unknown, expected: string): TraceFault {
    return new TraceFault(`Line ${this.#line}: ${name} is ${quoted(value)}, expected ${expected}.`);
  }
}

/** A list of whole numbers that are exact. */
export function isWholes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(Number.isSafeInteger);
}

function isWhole(value: unknown, min: number, max: number): value is number {
  return Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max;
}

function isExtra(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function rangeText(min: number, max: number): string {
  if (min === -Number.MAX_SAFE_INTEGER) return 'below 2^53';
  return max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`;
}
