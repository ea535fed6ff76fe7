/**
 * A first-in-first-out queue of waiters, each known by a small whole number of the caller's, its
 * ticket. Links live in typed arrays by ticket, so that ten thousand waiters cost no objects and any
 * of them can leave at once.
 *
 * Follows the wait list of struct semaphore in kernel/locking/semaphore.c, Linux 6.12.
 */
import type { Keeper } from './keeper.ts';

/** In place of a ticket: there is none. */
export const NO_TICKET = -1;
const FIRST_TICKETS = 64;
/** Largest ticket: its links would take half a gibibyte beyond. */
const MAX_TICKET = 2 ** 26;

export class WaitQueue {
  #next = new Int32Array(FIRST_TICKETS).fill(NO_TICKET);
  #before = new Int32Array(FIRST_TICKETS).fill(NO_TICKET);
  #waits = new Uint8Array(FIRST_TICKETS);
  #first = NO_TICKET;
  #last = NO_TICKET;
  #length = 0;

  /** Waiters in the queue. */
  get length(): number {
    return this.#length;
  }

  /** Who has waited longest in this queue, or `NO_TICKET`. */
  get first(): number {
    return this.#first;
  }

  /** Whether `ticket` stands in the queue. */
  has(ticket: number): boolean {
    return this.#waits[ticket] === 1;
  }

  /** Who stands behind `ticket`, or `NO_TICKET`. */
  behind(ticket: number): number {
    return this.#next[ticket] ?? NO_TICKET;
  }

  /** Puts a waiter at the end. @throws RangeError when it waits already, or is no ticket. */
  push(ticket: number): void {
    this.#enter(ticket);
    this.#before[ticket] = this.#last;
    this.#next[ticket] = NO_TICKET;
    if (this.#last === NO_TICKET) this.#first = ticket;
    else this.#next[this.#last] = ticket;
    this.#last = ticket;
  }

  /** Puts a waiter in front of all others. @throws RangeError as `push` does. */
  unshift(ticket: number): void {
    this.#enter(ticket);
    this.#before[ticket] = NO_TICKET;
    this.#next[ticket] = this.#first;
    if (this.#first === NO_TICKET) this.#last = ticket;
    else this.#before[this.#first] = ticket;
    this.#first = ticket;
  }

  /** Takes the first waiter, or `NO_TICKET`. */
  shift(): number {
    const first = this.#first;
    if (first !== NO_TICKET) this.remove(first);
    return first;
  }

  /** Takes a waiter out, wherever it stands. @returns false when it does not wait. */
  remove(ticket: number): boolean {
    if (!this.has(ticket)) return false;
    const before = this.#before[ticket] as number;
    const next = this.#next[ticket] as number;
    if (before === NO_TICKET) this.#first = next;
    else this.#next[before] = next;
    if (next === NO_TICKET) this.#last = before;
    else this.#before[next] = before;
    this.#waits[ticket] = 0;
    this.#length--;
    return true;
  }

  keep(k: Keeper): void {
    this.#next = k.array(this.#next);
    this.#before = k.array(this.#before);
    this.#waits = k.array(this.#waits);
    this.#first = k.value(this.#first);
    this.#last = k.value(this.#last);
    this.#length = k.value(this.#length);
  }

  #enter(ticket: number): void {
    if (!Number.isInteger(ticket) || ticket < 0 || ticket > MAX_TICKET) {
      throw new RangeError(`${ticket} is no ticket`);
    }
    if (this.has(ticket)) throw new RangeError(`ticket ${ticket} waits already`);
    if (ticket >= this.#waits.length) this.#grow(ticket + 1);
    this.#waits[ticket] = 1;
    this.#length++;
  }

  #grow(least: number): void {
    let length = this.#waits.length;
    while (length < least) length *= 2;
    const longer = (old: Int32Array) => {
      const links = new Int32Array(length).fill(NO_TICKET);
      links.set(old);
      return links;
    };
    this.#next = longer(this.#next);
    this.#before = longer(this.#before);
    const waits = new Uint8Array(length);
    waits.set(this.#waits);
    this.#waits = waits;
  }
}
