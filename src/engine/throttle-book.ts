/**
 * Who was throttled, how long they slept, and what became of them. A simulation and a replay both
 * write it; the frame is copied from it.
 *
 * The model knows tickets and no clock; the book knows whose a ticket is and since when. A passage
 * is one throttled request from its arrival at the gate to its unmap.
 */
import { PASSAGE_ROWS } from './frame.ts';
import { WaitStats } from './wait-stats.ts';
import type { Keeper } from '../model/keeper.ts';
import type { ThrottleWhy } from '../model/throttle.ts';

/** In place of a time: not yet. */
export const NOT_YET = -1;
/** Waiting longer than this counts as starved unless a scenario says otherwise: 100 virtual ms. */
const STARVED_NS = 100_000_000;

/** Who comes to the gate. */
export interface Arrival {
  /** Index of the device in the run. */
  readonly device: number;
  readonly cpu: number;
  /** Bytes of the request. */
  readonly bytes: number;
  readonly why: ThrottleWhy;
}

/** One throttled request. Times are virtual ns, `NOT_YET` before they come. */
export interface Passage {
  /** Counts throttled requests from 1. */
  readonly serial: number;
  readonly device: number;
  cpu: number;
  readonly bytes: number;
  readonly why: ThrottleWhy;
  readonly arrivedNs: number;
  /** Whether it was ever told to sleep. */
  slept: boolean;
  admittedNs: number;
  placedNs: number;
  releasedNs: number;
  /** Id of the pool of its first mapping, first slot (padding included) and slots; -1 before. */
  pool: number;
  slot: number;
  nslots: number;
}

/** The throttled requests of one run, by the ticket under which the model knows them. */
export class ThrottleBook {
  /** Waits longer than this are counted as starved, virtual ns. */
  readonly starvedNs: number;
  readonly stats = new WaitStats();
  /** Requests throttled, those that slept, and the most asleep at a time. */
  arrived = 0;
  slept = 0;
  mostWaiting = 0;
  /** Requests asleep now, or woken and not yet running. */
  waiting = 0;
  /** Wake-ups, and those after which the request went back to sleep. */
  wakeUps = 0;
  vainWakeUps = 0;
  /** Waiters that ran on another CPU than they slept on. */
  moved = 0;
  /** Waits given up. */
  timedOut = 0;
  /** Requests that passed while others slept, and those of them above the low threshold. */
  overtook = 0;
  overtookAbove = 0;
  /** Throttled requests that found no room. */
  gaveBack = 0;
  /** The longest that a mapped request stood before its doorbell was rung, ns. */
  longestUnrungNs = 0;
  /** The most finished requests that nobody polled for at a time. */
  mostUnreaped = 0;
  /** Finished waits longer than `starvedNs`. */
  starvedOver = 0;
  /** Time slept by all, and of it while the use was at or below the low threshold, ns. */
  waitedNs = 0;
  needlessNs = 0;
  readonly #live = new Map<number, Passage>();
  /** The passages that ended last, oldest first. */
  readonly #ended: Passage[] = [];
  #sinceNs = 0;
  #isNeedless = false;

  constructor(starvedNs: number = STARVED_NS) {
    this.starvedNs = starvedNs;
  }

  /** A request was throttled. */
  arrive(ticket: number, { device, cpu, bytes, why }: Arrival, nowNs: number): void {
    this.arrived++;
    this.#live.set(ticket, {
      serial: this.arrived,
      device,
      cpu,
      bytes,
      why,
      arrivedNs: nowNs,
      slept: false,
      admittedNs: NOT_YET,
      placedNs: NOT_YET,
      releasedNs: NOT_YET,
      pool: -1,
      slot: -1,
      nslots: 0,
    });
  }

  /** A request that may block was let through unthrottled. */
  overtake(isAboveLow: boolean): void {
    this.overtook++;
    if (isAboveLow) this.overtookAbove++;
  }

  /** A doorbell was rung for a request that had stood mapped for `forNs`. */
  rung(forNs: number): void {
    if (forNs > this.longestUnrungNs) this.longestUnrungNs = forNs;
  }

  /** So many finished requests of one device have nobody who polls for them. */
  unreaped(count: number): void {
    if (count > this.mostUnreaped) this.mostUnreaped = count;
  }

  /** It goes to sleep for the first time. */
  sleep(ticket: number, nowNs: number): void {
    this.#pass(nowNs);
    this.slept++;
    this.waiting++;
    this.mostWaiting = Math.max(this.mostWaiting, this.waiting);
    this.of(ticket).slept = true;
  }

  /** It was let in; `cpu` is where it runs now. */
  admit(ticket: number, cpu: number, nowNs: number): void {
    const passage = this.of(ticket);
    passage.admittedNs = nowNs;
    if (passage.slept) {
      this.#pass(nowNs);
      this.waiting--;
      const waitNs = nowNs - passage.arrivedNs;
      this.stats.add(waitNs);
      if (waitNs > this.starvedNs) this.starvedOver++;
      if (cpu !== passage.cpu) this.moved++;
    }
    passage.cpu = cpu;
  }

  /** It has its slots. */
  place(
    ticket: number,
    run: { readonly pool: number; readonly slot: number; readonly nslots: number },
    nowNs: number,
  ): void {
    const passage = this.of(ticket);
    passage.placedNs = nowNs;
    passage.pool = run.pool;
    passage.slot = run.slot;
    passage.nslots = run.nslots;
  }

  /** It gave its slots back, or found none. Asks nothing of a ticket that is not known. */
  end(ticket: number, nowNs: number): void {
    const passage = this.#live.get(ticket);
    if (passage === undefined) return;
    passage.releasedNs = nowNs;
    this.#live.delete(ticket);
    this.#ended.push(passage);
    if (this.#ended.length > PASSAGE_ROWS) this.#ended.shift();
  }

  /** The passage of a ticket. @throws RangeError when nobody arrived with it. */
  of(ticket: number): Passage {
    const passage = this.#live.get(ticket);
    if (passage === undefined) throw new RangeError(`ticket ${ticket} never came to the gate`);
    return passage;
  }

  /** The passage of a ticket, or null. */
  find(ticket: number): Passage | null {
    return this.#live.get(ticket) ?? null;
  }

  /** Those that were let in and hold slots or search for some, the oldest first. */
  inside(): Passage[] {
    return [...this.#live.values()].filter(({ admittedNs }) => admittedNs !== NOT_YET);
  }

  /** Those that sleep, or were woken and do not run yet, the oldest first. */
  sleepers(): Passage[] {
    return [...this.#live.values()].filter(
      ({ slept, admittedNs }) => slept && admittedNs === NOT_YET,
    );
  }

  /** Those that ended, the newest first. */
  ended(): readonly Passage[] {
    return this.#ended.toReversed();
  }

  /** The use of slots or the low threshold is another from now on. */
  note(nowNs: number, used: number, lowThrottle: number): void {
    if (this.waiting > 0) this.#pass(nowNs);
    this.#isNeedless = used <= lowThrottle;
  }

  /** Brings the time slept up to `nowNs`. */
  settle(nowNs: number): void {
    this.#pass(nowNs);
  }

  keep(k: Keeper): void {
    this.stats.keep(k);
    this.arrived = k.value(this.arrived);
    this.slept = k.value(this.slept);
    this.mostWaiting = k.value(this.mostWaiting);
    this.waiting = k.value(this.waiting);
    this.wakeUps = k.value(this.wakeUps);
    this.vainWakeUps = k.value(this.vainWakeUps);
    this.moved = k.value(this.moved);
    this.timedOut = k.value(this.timedOut);
    this.overtook = k.value(this.overtook);
    this.overtookAbove = k.value(this.overtookAbove);
    this.gaveBack = k.value(this.gaveBack);
    this.longestUnrungNs = k.value(this.longestUnrungNs);
    this.mostUnreaped = k.value(this.mostUnreaped);
    this.starvedOver = k.value(this.starvedOver);
    this.waitedNs = k.value(this.waitedNs);
    this.needlessNs = k.value(this.needlessNs);
    k.copies(this.#live, (passage) => ({ ...passage }));
    k.list(this.#ended);
    this.#sinceNs = k.value(this.#sinceNs);
    this.#isNeedless = k.value(this.#isNeedless);
  }

  #pass(nowNs: number): void {
    const sleptNs = (nowNs - this.#sinceNs) * this.waiting;
    this.waitedNs += sleptNs;
    if (this.#isNeedless) this.needlessNs += sleptNs;
    this.#sinceNs = nowNs;
  }
}
