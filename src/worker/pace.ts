/**
 * Virtual time by wall time: how far a run should have come by now. It remembers where both clocks
 * stood when it was set, and forgets what the machine could not keep up with instead of racing
 * after it.
 */
import type { Speed } from './protocol.ts';

const NS_PER_MS = 1e6;
const MS_PER_SECOND = 1000;

/** The speed chosen, and from where it counts. */
export class Pace {
  #speed: Speed = { kind: 'time', factor: 0.01 };
  #sinceMs = 0;
  #fromNs = 0;
  #eventsGiven = 0;

  get speed(): Speed {
    return this.#speed;
  }

  /** Virtual ns in a wall ms; Infinity when events are counted instead. */
  get nsPerMs(): number {
    return this.#speed.kind === 'events' ? Infinity : this.#speed.factor * NS_PER_MS;
  }

  /** Changes the speed from now on. */
  set(speed: Speed, nowMs: number, timeNs: number): void {
    this.#speed = speed;
    this.anchor(nowMs, timeNs);
  }

  /** Begins anew: at `nowMs` of the wall clock the run stands at `timeNs`. */
  anchor(nowMs: number, timeNs: number): void {
    this.#sinceMs = nowMs;
    this.#fromNs = timeNs;
    this.#eventsGiven = 0;
  }

  /** Where the run should stand by now, in whole virtual ns; Infinity when events are counted instead. */
  targetNs(nowMs: number): number {
    if (this.#speed.kind === 'events') return Infinity;
    return Math.floor(this.#fromNs + (nowMs - this.#sinceMs) * this.nsPerMs);
  }

  /** Events due since the last call; Infinity when time counts instead. */
  takeDueEvents(nowMs: number): number {
    if (this.#speed.kind === 'time') return Infinity;
    const due = Math.floor(((nowMs - this.#sinceMs) * this.#speed.perSecond) / MS_PER_SECOND);
    const events = due - this.#eventsGiven;
    this.#eventsGiven = due;
    return events;
  }
}
