import { DEVICE } from '../engine/frame.ts';
import type { Ledger } from '../engine/ledger.ts';
import type { ThrottleBook } from '../engine/throttle-book.ts';
import { at } from '../model/array.ts';
import type { Throttle, ThrottleWhy } from '../model/throttle.ts';
import type { ThrottleHooks } from './gate-replay.ts';
import type { Recording } from './recording.ts';

/** What the books of a run are written from. */
export interface RunThrottleParts {
  readonly recording: Recording;
  readonly throttle: Throttle;
  readonly book: ThrottleBook;
  readonly ledger: Ledger;
  /** Moves the clock of the run to a second of the recorded clock. @returns virtual ns. */
  readonly moveTo: (seconds: number) => number;
}

/**
 * Enters in the books of a run what a replayed throttle does, at the recorded times: who came, slept,
 * went on, took slots and gave the semaphore back. A request's row is its ticket.
 */
export class RunThrottle implements ThrottleHooks {
  readonly #parts: RunThrottleParts;
  #nowNs = 0;

  constructor(parts: RunThrottleParts) {
    this.#parts = parts;
    const { book, throttle, recording } = parts;
    book.note(0, recording.header.startUsed, throttle.lowThrottle);
  }

  at(seconds: number): void {
    this.#nowNs = this.#parts.moveTo(seconds);
  }

  arrived(row: number, cpu: number, why: ThrottleWhy): void {
    const { book, recording } = this.#parts;
    const { device, size } = recording.events;
    book.arrive(row, { device: at(device, row), cpu, bytes: at(size, row), why }, this.#nowNs);
  }

  slept(row: number): void {
    this.#parts.book.sleep(row, this.#nowNs);
    this.#count(row, 1);
  }

  admitted(row: number): void {
    const { book, recording } = this.#parts;
    const slept = book.find(row)?.slept === true;
    if (slept) book.wakeUps++;
    book.admit(row, at(recording.events.cpu, row), this.#nowNs);
    if (slept) this.#count(row, -1);
  }

  placed(row: number, pool: number, slot: number, nslots: number): void {
    this.#parts.book.place(row, { pool, slot, nslots }, this.#nowNs);
  }

  released(row: number): void {
    const { book, ledger } = this.#parts;
    book.end(row, this.#nowNs);
    // The first in the queue has left it, though it does not run yet.
    ledger.waitingChanged(this.#nowNs);
  }

  used(slots: number): void {
    const { book, throttle } = this.#parts;
    book.note(this.#nowNs, slots, throttle.lowThrottle);
  }

  /** A device has a sleeper more or less. */
  #count(row: number, by: number): void {
    const { ledger, recording } = this.#parts;
    ledger.count(at(recording.events.device, row), DEVICE.throttled, by);
    ledger.waitingChanged(this.#nowNs);
  }
}
