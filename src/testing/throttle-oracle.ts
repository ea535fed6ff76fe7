/**
 * What the gate of one allocator must do, sentence by sentence of its description, on plain arrays.
 * Slow, and sharing nothing with the throttle but the policies' names.
 *
 * It thinks in people where the throttle thinks in numbers: it knows who holds the semaphore, and
 * the count follows from that.
 */
import type { PolicyId } from '../model/throttle-policies.ts';

export class ThrottleOracle {
  readonly policy: PolicyId;
  high: number;
  low: number;
  highCount = 0;
  lowCount = 0;
  /** Who sleeps, the one in front first. */
  sleepers: number[] = [];
  /** RFC: who owns the semaphore: one until the allocator closes, which lets everybody in. */
  holders: number[] = [];
  /** Let in by the closing, without the semaphore. */
  letIn = 0;
  /** Wake-below: somebody asked to be woken, and wake-ups that met nobody. */
  asked = false;
  unclaimed = 0;
  closed = false;

  constructor(policy: PolicyId, slots: number) {
    this.policy = policy;
    this.high = Math.trunc((slots * 7) / 10);
    this.low = Math.trunc((slots * 13) / 20);
  }

  get #isRfc(): boolean {
    return this.policy === 'rfc' || this.policy === 'rfc-high-only';
  }

  /** What the semaphore must count. */
  get count(): number {
    if (this.#isRfc) return 1 + this.letIn - this.holders.length;
    if (this.policy === 'wake-below') return this.unclaimed;
    return this.policy === 'none' ? 1 : 0;
  }

  /** A request looks. @returns why it is throttled. */
  looks(used: number): 'none' | 'high' | 'low' {
    if (this.closed || this.policy === 'none') return 'none';
    if (used > this.high) {
      this.highCount += 1;
      return 'high';
    }
    if (this.policy === 'rfc' && used > this.low && this.holders.length > 0) {
      this.lowCount += 1;
      return 'low';
    }
    return 'none';
  }

  /** A throttled one arrives. @returns whether it goes on at once. */
  arrives(ticket: number): boolean {
    if (this.closed) {
      this.letIn += 1;
      this.holders.push(ticket);
      return true;
    }
    if (this.#isRfc && this.holders.length === 0) {
      this.holders.push(ticket);
      return true;
    }
    if (this.policy === 'wake-below') {
      this.asked = true;
      if (this.unclaimed > 0) {
        this.unclaimed -= 1;
        return true;
      }
    }
    this.sleepers = [...this.sleepers, ticket];
    return false;
  }

  /** A woken one runs and sees this use. @returns whether it goes on. */
  runs(ticket: number, used: number): boolean {
    if (this.closed || used <= this.high) return true;
    if (this.policy === 'wake-all') this.sleepers = [...this.sleepers, ticket];
    else if (this.policy === 'timeout-grow') this.sleepers = [ticket, ...this.sleepers];
    else return true;
    return false;
  }

  /** One gives up. @returns whether it slept. */
  givesUp(ticket: number): boolean {
    const others = this.sleepers.filter((sleeper) => sleeper !== ticket);
    const slept = others.length < this.sleepers.length;
    this.sleepers = others;
    return slept;
  }

  /** Slots were freed; `owner` is whose throttled mapping that was, null for any other's. */
  frees(before: number, after: number, owner: number | null): number[] {
    if (this.#isRfc) return owner === null ? [] : this.#handOver(owner);
    const crossed = before > this.low && after <= this.low;
    if (this.policy === 'wake-below') return crossed && this.asked ? this.#answer() : [];
    if (this.policy === 'wake-any') return this.#wake(1);
    if (this.policy === 'wake-any-above') return this.#wake(after > this.high ? 1 : 0);
    if (this.policy === 'wake-all') return this.#wake(crossed ? this.sleepers.length : 0);
    return this.places(after);
  }

  /** A throttled one found no room. @returns whom that wakes. */
  fails(ticket: number, used: number): number[] {
    if (this.#isRfc) return this.#handOver(ticket);
    return this.places(used);
  }

  /** A throttled one has its slots: where there is room it passes the word on. */
  places(used: number): number[] {
    return this.policy === 'timeout-grow' && used <= this.high ? this.#wake(1) : [];
  }

  /** The allocator goes away. @returns whom that wakes: all. */
  closes(): number[] {
    this.closed = true;
    const woken = this.#wake(this.sleepers.length);
    this.letIn += woken.length;
    this.holders.push(...woken);
    return woken;
  }

  #wake(most: number): number[] {
    const woken = this.sleepers.slice(0, most);
    this.sleepers = this.sleepers.slice(most);
    return woken;
  }

  #answer(): number[] {
    this.asked = false;
    if (this.sleepers.length === 0) this.unclaimed += 1;
    return this.#wake(1);
  }

  #handOver(owner: number): number[] {
    if (!this.holders.includes(owner)) throw new RangeError(`${owner} gives back what it has not`);
    this.holders = this.holders.filter((holder) => holder !== owner);
    const woken = this.#wake(1);
    this.holders.push(...woken);
    return woken;
  }
}
