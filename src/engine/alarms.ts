/**
 * What is due when: a binary heap of alarms ordered by time, and among equals by the order in which
 * they were set. Three typed arrays, no object per alarm.
 *
 * An alarm carries a kind and one whole number; what they mean is the simulation's business. Typed
 * arrays are read with `as number`: every index lies below `#size`.
 */
import { filledFrom } from './grown-array.ts';

const FIRST_CAPACITY = 1024;
/** Bits of an alarm's subject; the kind lies above them. */
const SUBJECT_BITS = 26;
export const MAX_SUBJECT = 2 ** SUBJECT_BITS - 1;
export const MAX_KIND = 31;

export class Alarms {
  #timeNs = new Float64Array(FIRST_CAPACITY);
  #order = new Float64Array(FIRST_CAPACITY);
  #what = new Uint32Array(FIRST_CAPACITY);
  #size = 0;
  #set = 0;
  #takenNs = 0;
  #takenWhat = 0;

  /** Alarms waiting. */
  get size(): number {
    return this.#size;
  }

  /** When the next alarm is due, in ns; Infinity when none is set. */
  get nextNs(): number {
    return this.#size > 0 ? (this.#timeNs[0] as number) : Infinity;
  }

  /** Time of the alarm taken last, its kind, and its subject. */
  get timeNs(): number {
    return this.#takenNs;
  }

  get kind(): number {
    return this.#takenWhat >>> SUBJECT_BITS;
  }

  get subject(): number {
    return this.#takenWhat & MAX_SUBJECT;
  }

  /**
   * Sets an alarm.
   *
   * @param timeNs whole virtual ns.
   * @param kind 0 to `MAX_KIND`.
   * @param subject 0 to `MAX_SUBJECT`.
   */
  set(timeNs: number, kind: number, subject: number): void {
    if (this.#size === this.#timeNs.length) this.#grow();
    const times = this.#timeNs;
    const orders = this.#order;
    const whats = this.#what;
    const order = this.#set++;
    // The new alarm is the youngest: it rises past later ones only, never past equals.
    let hole = this.#size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const parentNs = times[parent] as number;
      if (parentNs <= timeNs) break;
      times[hole] = parentNs;
      orders[hole] = orders[parent] as number;
      whats[hole] = whats[parent] as number;
      hole = parent;
    }
    times[hole] = timeNs;
    orders[hole] = order;
    whats[hole] = (kind << SUBJECT_BITS) | subject;
  }

  /** Takes the next alarm; read it from `timeNs`, `kind` and `subject`. @returns false if none. */
  take(): boolean {
    if (this.#size === 0) return false;
    this.#takenNs = this.#timeNs[0] as number;
    this.#takenWhat = this.#what[0] as number;
    const last = --this.#size;
    if (last > 0) this.#sink(last);
    return true;
  }

  /** Puts the alarm at `from` where it belongs, beginning at the empty top. */
  #sink(from: number): void {
    const times = this.#timeNs;
    const orders = this.#order;
    const whats = this.#what;
    const size = this.#size;
    const timeNs = times[from] as number;
    const order = orders[from] as number;
    let hole = 0;
    for (let child = 1; child < size; child = 2 * hole + 1) {
      if (child + 1 < size && this.#isBefore(child + 1, child)) child++;
      const childNs = times[child] as number;
      if (childNs > timeNs || (childNs === timeNs && (orders[child] as number) > order)) break;
      times[hole] = childNs;
      orders[hole] = orders[child] as number;
      whats[hole] = whats[child] as number;
      hole = child;
    }
    times[hole] = timeNs;
    orders[hole] = order;
    whats[hole] = whats[from] as number;
  }

  #isBefore(one: number, other: number): boolean {
    const oneNs = this.#timeNs[one] as number;
    const otherNs = this.#timeNs[other] as number;
    if (oneNs !== otherNs) return oneNs < otherNs;
    return (this.#order[one] as number) < (this.#order[other] as number);
  }

  #grow(): void {
    const larger = this.#timeNs.length * 2;
    this.#timeNs = filledFrom(new Float64Array(larger), this.#timeNs);
    this.#order = filledFrom(new Float64Array(larger), this.#order);
    this.#what = filledFrom(new Uint32Array(larger), this.#what);
  }
}
