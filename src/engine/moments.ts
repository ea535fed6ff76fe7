/**
 * The events of a run that a person may want to go to: a pool that is full, a map that fails, a task
 * put to sleep, a pool that grows. Noted while the run is played, a few bytes each.
 */
import type { GrowthLog } from './growth-log.ts';
import type { Ledger } from './ledger.ts';
import type { RunCosts } from './run-costs.ts';
import type { EventWatch } from './simulation.ts';
import type { ThrottleBook } from './throttle-book.ts';
import type { Keeper } from '../model/keeper.ts';

/** What makes an event one to go to; an event can be several of these, or'ed. */
export const MOMENT = {
  /** A map or an allocation failed, the first after at least `CALM_MAPS` that succeeded. */
  full: 1,
  /** Any map or allocation that failed. */
  fail: 2,
  /** A task was put to sleep while no other slept. */
  throttle: 4,
  /** Memory for a pool that stays, or for a coherent pool, was asked for. */
  grow: 8,
  /** A pool was made for one request. */
  transient: 16,
  /** More slots in use than ever, by a sixty-fourth of all slots. */
  peak: 32,
} as const;

/** Every kind; and what `next` and `previous` stop at unless told otherwise. */
export const ALL_MOMENTS = 63;
export const USUAL_MOMENTS = ALL_MOMENTS - MOMENT.fail;

const CALM_MAPS = 64;
const PEAK_STEPS = 64;
const FIRST_LENGTH = 64;
/** Moments kept; with one more the older half is forgotten. */
const MOST = 65_536;

/** Events and what they are, in ascending order. */
export class Moments {
  /** Everything behind this event is known; what came before was forgotten. */
  knownFrom = 0;
  #event = new Float64Array(FIRST_LENGTH);
  #kinds = new Uint8Array(FIRST_LENGTH);
  #length = 0;

  get count(): number {
    return this.#length;
  }

  /** The event noted last, 0 for none. */
  get last(): number {
    return this.#length === 0 ? 0 : (this.#event[this.#length - 1] as number);
  }

  /** Notes an event behind the last one. */
  add(event: number, kinds: number): void {
    if (this.#length === MOST) this.#forgetHalf();
    if (this.#length === this.#event.length) this.#grow();
    this.#event[this.#length] = event;
    this.#kinds[this.#length++] = kinds;
  }

  /** What the event is, or'ed `MOMENT`; 0 when it is nothing. */
  kindsOf(event: number): number {
    const at = this.#from(event);
    return at < this.#length && this.#event[at] === event ? (this.#kinds[at] as number) : 0;
  }

  /** The first event behind `event` that is one of `kinds`, or -1. */
  after(event: number, kinds: number): number {
    for (let at = this.#from(event + 1); at < this.#length; at++) {
      if (((this.#kinds[at] as number) & kinds) !== 0) return this.#event[at] as number;
    }
    return -1;
  }

  /** The last event before `event` that is one of `kinds`, or -1: it may have been forgotten. */
  before(event: number, kinds: number): number {
    for (let at = this.#from(event) - 1; at >= 0; at--) {
      if (((this.#kinds[at] as number) & kinds) !== 0) return this.#event[at] as number;
    }
    return -1;
  }

  /** The same without what lies behind `event`. */
  upTo(event: number): Moments {
    const copy = new Moments();
    const length = this.#from(event + 1);
    copy.knownFrom = this.knownFrom;
    copy.#event = this.#event.slice(0, Math.max(length, FIRST_LENGTH));
    copy.#kinds = this.#kinds.slice(0, Math.max(length, FIRST_LENGTH));
    copy.#length = length;
    return copy;
  }

  /** Place of the first event that is not before `event`. */
  #from(event: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#event[middle] as number) < event) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #forgetHalf(): void {
    const half = MOST / 2;
    this.knownFrom = this.#event[half - 1] as number;
    this.#event.copyWithin(0, half);
    this.#kinds.copyWithin(0, half);
    this.#length = half;
  }

  #grow(): void {
    const longer = new Float64Array(this.#event.length * 2);
    longer.set(this.#event);
    this.#event = longer;
    const kinds = new Uint8Array(longer.length);
    kinds.set(this.#kinds);
    this.#kinds = kinds;
  }
}

/** As much of a run as its moments show in. */
export interface WatchedRun {
  readonly event: number;
  readonly ledger: Ledger;
  readonly growth: GrowthLog;
  readonly books: RunCosts;
  readonly throttle: ThrottleBook;
}

/** Looks at a run after each event. Its state belongs to the run's: it is kept with it. */
export class MomentWatch implements EventWatch {
  /** Where moments are noted that lie behind the last one noted. */
  moments = new Moments();
  /** What the event looked at last is, or'ed `MOMENT`. */
  kinds = 0;
  /** Is called after each event, too. */
  beside: (() => void) | null = null;
  readonly #run: WatchedRun;
  readonly #ledger: Ledger;
  readonly #growth: GrowthLog;
  readonly #books: RunCosts;
  readonly #throttle: ThrottleBook;
  /** The counts below added up: while it is the same, nothing has happened. */
  #sum = 0;
  #failed = 0;
  #slept = 0;
  #attempts = 0;
  #peak = 0;
  #mapsAtFailure = -1;

  constructor(run: WatchedRun) {
    const { ledger, growth, books, throttle } = run;
    this.#run = run;
    this.#ledger = ledger;
    this.#growth = growth;
    this.#books = books;
    this.#throttle = throttle;
    // What boot did is no moment.
    this.#see();
    this.kinds = 0;
  }

  look(): void {
    this.#see();
    if (this.kinds !== 0) {
      const { event } = this.#run;
      if (event > this.moments.last) this.moments.add(event, this.kinds);
    }
    this.beside?.();
  }

  #see(): void {
    const { failedMaps, peak } = this.#ledger;
    const sum = failedMaps + this.#books.failedAllocs + this.#growth.count + this.#throttle.slept;
    this.kinds = 0;
    if (sum === this.#sum && peak === this.#peak) return;
    this.#sum = sum;
    this.kinds = this.#failures() | this.#sleep() | this.#attempted() | this.#risen();
  }

  keep(k: Keeper): void {
    this.kinds = k.value(this.kinds);
    this.#sum = k.value(this.#sum);
    this.#failed = k.value(this.#failed);
    this.#slept = k.value(this.#slept);
    this.#attempts = k.value(this.#attempts);
    this.#peak = k.value(this.#peak);
    this.#mapsAtFailure = k.value(this.#mapsAtFailure);
  }

  #failures(): number {
    const failed = this.#ledger.failedMaps + this.#books.failedAllocs;
    if (failed === this.#failed) return 0;
    this.#failed = failed;
    const { maps } = this.#ledger;
    const isFirst = this.#mapsAtFailure < 0 || maps - this.#mapsAtFailure >= CALM_MAPS;
    this.#mapsAtFailure = maps;
    return isFirst ? MOMENT.full | MOMENT.fail : MOMENT.fail;
  }

  #sleep(): number {
    const { slept, waiting } = this.#throttle;
    if (slept === this.#slept) return 0;
    const before = waiting - (slept - this.#slept);
    this.#slept = slept;
    return before <= 0 ? MOMENT.throttle : 0;
  }

  #attempted(): number {
    let kinds = 0;
    for (const { by, slots } of this.#growth.since(this.#attempts)) {
      if (by !== 'transient') kinds |= MOMENT.grow;
      else if (slots > 0) kinds |= MOMENT.transient;
    }
    this.#attempts = this.#growth.count;
    return kinds;
  }

  #risen(): number {
    const { peak, capacity } = this.#ledger;
    const step = Math.max(1, Math.floor(capacity / PEAK_STEPS));
    const isHigher = Math.floor(peak / step) > Math.floor(this.#peak / step);
    this.#peak = peak;
    return isHigher ? MOMENT.peak : 0;
  }
}
