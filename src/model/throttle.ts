/**
 * The throttle of one allocator: its thresholds, its semaphore, and who sleeps on it.
 *
 * Follows the RFC "Introduce swiotlb throttling" of 22 August 2024 (`high_throttle`, `low_throttle`,
 * `throttle_sem` and the two counters of struct io_tlb_mem) on Linux 6.12, and down() and up() of
 * kernel/locking/semaphore.c. It differs in that what to do is a policy's to say
 * (`throttle-policies.ts`): the RFC's, or one of those argued for against it.
 *
 * Pure: no clock, and nobody really sleeps. A request is known by a ticket of the caller's; who is
 * told to sleep calls `resume` when a later call names its ticket in `woken`.
 */
import { THROTTLE_POLICIES, type PolicyId, type ThrottlePolicy } from './throttle-policies.ts';
import { NO_TICKET, WaitQueue } from './wait-queue.ts';
import type { Keeper } from './keeper.ts';

/** Why a request is throttled: use above high, or above low while the semaphore is held. */
export type ThrottleWhy = 'none' | 'high' | 'low';

/** Default thresholds, percent of the allocator's slots at init; rounded down. */
export const HIGH_PERCENT = 70;
export const LOW_PERCENT = 65;

/** `high_throttle` or `low_throttle` as init computes it from `nslabs`. */
export function defaultThreshold(nslabs: number, percent: number): number {
  return Math.floor((nslabs * percent) / 100);
}

/** One allocator's throttle. Thresholds are in slots. */
export class Throttle {
  readonly policy: ThrottlePolicy;
  /** Whether anything is throttled at all; else no driver is told that it may block. */
  readonly isOn: boolean;
  highThrottle = 0;
  lowThrottle = 0;
  /** Requests throttled for the one or the other reason. */
  highThrottleCount = 0;
  lowThrottleCount = 0;
  /** Count of `throttle_sem`: 0 = held. Policies without a holder begin at 0. */
  semCount: number;
  /** Somebody asked to be woken (`wake-below`); tested and cleared before a wake-up. */
  flag = false;
  readonly queue = new WaitQueue();
  /** Whom the last `freed`, `failed`, `placed` or `close` woke, in order. */
  readonly woken: number[] = [];
  #closed = false;

  constructor(policy: PolicyId) {
    this.policy = THROTTLE_POLICIES[policy];
    this.isOn = policy !== 'none';
    this.semCount = this.policy.initialCount;
  }

  /** Computes the thresholds; done once, when the allocator is initialised. */
  init(nslabs: number): void {
    this.highThrottle = defaultThreshold(nslabs, HIGH_PERCENT);
    this.lowThrottle = defaultThreshold(nslabs, LOW_PERCENT);
  }

  /**
   * What a request that may block is told.
   *
   * @param used `total_used` as one unlocked read saw it.
   */
  decide(used: number): ThrottleWhy {
    const why = this.#closed ? 'none' : this.policy.decide(this, used);
    if (why === 'high') this.highThrottleCount++;
    else if (why === 'low') this.lowThrottleCount++;
    return why;
  }

  /** A throttled request comes to the gate. @returns whether it goes on; else it sleeps. */
  enter(ticket: number): boolean {
    if (this.#closed || this.policy.enter(this)) return true;
    this.queue.push(ticket);
    return false;
  }

  /** A woken request runs again. @returns whether it goes on to the search; else it sleeps again. */
  resume(ticket: number, used: number): boolean {
    const next = this.#closed ? 'go' : this.policy.recheck(this, used);
    if (next === 'go') return true;
    if (next === 'head') this.queue.unshift(ticket);
    else this.queue.push(ticket);
    return false;
  }

  /** A sleeper gives up waiting. @returns false when it was woken before. */
  leave(ticket: number): boolean {
    return this.queue.remove(ticket);
  }

  /** An unmap took the use from `before` to `after`; `throttled` is what its slots said. */
  freed(before: number, after: number, throttled: boolean): void {
    this.woken.length = 0;
    this.policy.freed(this, before, after, throttled);
  }

  /** The search of a throttled request found no room; the use is `used`. */
  failed(used: number): void {
    this.woken.length = 0;
    this.policy.failed(this, used);
  }

  /** A throttled request has its slots; the use is `used` now. */
  placed(used: number): void {
    this.woken.length = 0;
    this.policy.placed(this, used);
  }

  /**
   * The allocator goes away: whoever sleeps is woken and goes on to a search that finds no pool, and
   * nobody is throttled any more.
   */
  close(): void {
    this.woken.length = 0;
    this.#closed = true;
    while (this.queue.length > 0) this.wakeFirst();
  }

  keep(k: Keeper): void {
    this.highThrottle = k.value(this.highThrottle);
    this.lowThrottle = k.value(this.lowThrottle);
    this.highThrottleCount = k.value(this.highThrottleCount);
    this.lowThrottleCount = k.value(this.lowThrottleCount);
    this.semCount = k.value(this.semCount);
    this.flag = k.value(this.flag);
    this.#closed = k.value(this.#closed);
    k.list(this.woken);
    this.queue.keep(k);
  }

  /** `down()` as far as it does not sleep. @returns whether the count was there to be taken. */
  down(): boolean {
    if (this.semCount <= 0) return false;
    this.semCount--;
    return true;
  }

  /** `up()`: hands over to the first waiter, or raises the count. */
  up(): void {
    if (!this.wakeFirst()) this.semCount++;
  }

  /** Wakes the first waiter. @returns false when nobody waits. */
  wakeFirst(): boolean {
    const ticket = this.queue.shift();
    if (ticket === NO_TICKET) return false;
    this.woken.push(ticket);
    return true;
  }
}
