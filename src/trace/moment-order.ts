/**
 * The moments of the throttle in their order, and where a replay stops for one: when the queue or
 * the semaphore changes, so that what happens between the steps of an event can be seen.
 */
import { at } from '../model/array.ts';
import { MAP_UNFINISHED, UNKNOWN, type Recording } from './recording.ts';
import { MOMENT, type ThrottleRecord } from './throttle-columns.ts';

export class MomentOrder {
  readonly #recording: Recording;
  readonly #record: ThrottleRecord;
  /** Where the last area lock stands: a moment behind it ends the recording. */
  readonly #lastLock: number;
  #position = 0;
  /** The next stop, at or behind `#position`. */
  #stop = 0;

  constructor(recording: Recording, record: ThrottleRecord) {
    this.#recording = recording;
    this.#record = record;
    const { order, steps } = recording;
    const last = order.at(-1);
    this.#lastLock = last === undefined ? -1 : at(steps.seq, last);
  }

  /** Place of the next moment, or Infinity. */
  get nextSeq(): number {
    return this.#seqAt(this.#position);
  }

  /** Takes the next moment. */
  take(): number {
    return at(this.#record.order, this.#position++);
  }

  /** Place of the next moment at which a replay stops, or Infinity. */
  get stopSeq(): number {
    const { order } = this.#record;
    this.#stop = Math.max(this.#stop, this.#position);
    while (this.#stop < order.length && !this.stopsAt(at(order, this.#stop))) this.#stop++;
    return this.#seqAt(this.#stop);
  }

  /** When that is, in seconds of the recorded clock. */
  get stopTime(): number {
    const { order, moments } = this.#record;
    return at(moments.time, at(order, this.#stop));
  }

  /** Whether a replay stops behind a moment. */
  stopsAt(moment: number): boolean {
    const { moments, order } = this.#record;
    const kind = at(moments.kind, moment);
    const seq = at(moments.seq, moment);
    if (kind === MOMENT.queue || kind === MOMENT.acquire || kind === MOMENT.release) {
      return !this.#endsBlocked(at(moments.row, moment), seq);
    }
    return moment === order.at(-1) && seq > this.#lastLock;
  }

  /** A request that is blocked at the end: its event stands at its last moment and stops there. */
  #endsBlocked(row: number, seq: number): boolean {
    const { events, steps } = this.#recording;
    const step = at(events.stepStart, row);
    if (at(events.result, row) !== MAP_UNFINISHED) return false;
    return at(steps.place, step) === UNKNOWN && at(steps.seq, step) === seq;
  }

  #seqAt(position: number): number {
    const { order, moments } = this.#record;
    return position < order.length ? at(moments.seq, at(order, position)) : Infinity;
  }
}
