import { addressOf } from './fields.ts';
import { quoted, TraceFault } from './fault.ts';

/**
 * Reads the entries of a step that is written as a list, such as an area lock. One reader is aimed
 * at list after list, so that reading allocates nothing.
 */
export class StepFields {
  #what = '';
  #line = 0;
  #entries: readonly unknown[] = [];

  /** Reads `step` from here on; `what` names it in the sentences. */
  aim(what: string, step: unknown, line: number): this {
    this.#what = what;
    this.#line = line;
    this.#entries = Array.isArray(step) ? step : [];
    return this;
  }

  /** Entry `at`, a whole number from 0 to `max`. */
  whole(at: number, max: number): number {
    const value = this.number(at, max);
    if (!Number.isInteger(value)) throw this.fault(at, 'a whole number');
    return value;
  }

  /** Entry `at`, a number from 0 to `max`. */
  number(at: number, max: number): number {
    const value = this.#entries[at];
    if (typeof value === 'number' && value >= 0 && value <= max) return value;
    throw this.fault(at, `a number from 0 to ${max}`);
  }

  /** Entry `at`, the address of a pool; -1 when there is none. */
  pool(at: number): number {
    const value = this.#entries[at];
    if (value === undefined) return -1;
    const base = addressOf(value);
    if (base === -1) throw this.fault(at, 'an address in hex below 2^52');
    return base;
  }

  /** Entry `at`, a place in the total order behind `before`. */
  placeBehind(before: number, limit: number, at = 0): number {
    const seq = this.whole(at, limit);
    if (seq <= before) throw this.fault(at, `more than ${before}`);
    return seq;
  }

  /** The sentence for an entry that is not what it must be. */
  fault(at: number, expected: string): TraceFault {
    const value = quoted(this.#entries[at]);
    return new TraceFault(
      `Line ${this.#line}: entry ${at} of ${this.#what} is ${value}, expected ${expected}.`,
    );
  }
}
