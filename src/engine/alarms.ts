/**
 * What is due when: a binary heap of alarms ordered by time, and among equals by the order in which
 * they were set. Three typed arrays, no object per alarm.
 *
 * An alarm carries a kind and one whole number; what they mean is the simulation's business. Typed
 * arrays are read with `as number`: every index lies below `#size`.
 */
import { filledFrom } from './grown-array.ts';
import type { Keeper } from '../model/keeper.ts';

const FIRST_CAPACITY = 1024;
/** Bits of an alarm's subject; the kind lies above them. */
const SUBJECT_BITS = 26;
/** Largest subject an alarm can carry. */
export const MAX_SUBJECT = 2 ** SUBJECT_BITS - 1;
/** Largest kind an alarm can carry. */
export const MAX_KIND = 31;

/** What is due. `take` moves the earliest alarm into `kind`, `subject` and `timeNs`. */
export class Alarms {
  #timeNs = new Float64Array(FIRST_CAPACITY);
  #order = new Float64Array(FIRST_CAPACITY);
  #what = new Uint32Array(FIRST_CAPACITY);
  /** Entries in use, the empty top included. */
  #size = 0;
  /**
   * The top was taken and is empty. Nearly always the next thing is that a new alarm is set; it
   * takes the place, and the heap is put in order once instead of twice.
   */
  #isOpen = false;
  #set = 0;
  #takenNs = 0;
  #takenWhat = 0;

  /** Alarms waiting. */
  get size(): number {
    return this.#isOpen ? this.#size - 1 : this.#size;
  }

  /** When the next alarm is due, in ns; Infinity when none is set. */
  get nextNs(): number {
    if (this.#isOpen) this.#close();
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
    const order = this.#set++;
    const what = (kind << SUBJECT_BITS) | subject;
    if (this.#isOpen) {
      this.#isOpen = false;
      this.#sink(timeNs, order, what);
      return;
    }
    if (this.#size === this.#timeNs.length) this.#grow();
    const times = this.#timeNs;
    const orders = this.#order;
    const whats = this.#what;
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
    whats[hole] = what;
  }

  /** Takes the next alarm; read it from `timeNs`, `kind` and `subject`. @returns false if none. */
  take(): boolean {
    if (this.#isOpen) this.#close();
    if (this.#size === 0) return false;
    this.#takenNs = this.#timeNs[0] as number;
    this.#takenWhat = this.#what[0] as number;
    this.#isOpen = true;
    return true;
  }

  keep(k: Keeper): void {
    this.#size = k.value(this.#size);
    this.#isOpen = k.value(this.#isOpen);
    this.#set = k.value(this.#set);
    this.#takenNs = k.value(this.#takenNs);
    this.#takenWhat = k.value(this.#takenWhat);
    this.#timeNs = k.room(this.#timeNs);
    this.#order = k.room(this.#order);
    this.#what = k.room(this.#what);
    k.span(this.#timeNs, 0, this.#size);
    k.span(this.#order, 0, this.#size);
    k.span(this.#what, 0, this.#size);
  }

  /** Fills the empty top with the last entry. */
  #close(): void {
    this.#isOpen = false;
    const last = --this.#size;
    if (last === 0) return;
    this.#sink(
      this.#timeNs[last] as number,
      this.#order[last] as number,
      this.#what[last] as number,
    );
  }

  /** Puts an alarm where it belongs, beginning at the empty top. */
  #sink(timeNs: number, order: number, what: number): void {
    const times = this.#timeNs;
    const orders = this.#order;
    const whats = this.#what;
    const size = this.#size;
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
    whats[hole] = what;
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
