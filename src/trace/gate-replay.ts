/**
 * The way of recorded requests through the model's throttle: who is throttled, who sleeps, who has
 * the semaphore. A request's row is the ticket under which the model knows it.
 *
 * The use that a decision read is taken as recorded, since the kernel reads it without a lock; all
 * else is the model's own. Where the kernel went another way, the difference is told and the request
 * goes where the kernel let it go.
 */
import { THROTTLE_WHYS } from '../engine/frame.ts';
import { at } from '../model/array.ts';
import type { Throttle, ThrottleWhy } from '../model/throttle.ts';
import { parting, type Parting } from './replay-context.ts';
import type { DecisionColumns } from './throttle-columns.ts';

/** Who wants to know what becomes of throttled requests; rows are those of their maps. */
export interface ThrottleHooks {
  /** The clock stands at this second of the recorded clock from now on. */
  at(seconds: number): void;
  /** A request was throttled on `cpu`. */
  arrived(row: number, cpu: number, why: ThrottleWhy): void;
  slept(row: number): void;
  admitted(row: number): void;
  /** It took slots. */
  placed(row: number, pool: number, slot: number, nslots: number): void;
  /** It gave the semaphore back. */
  released(row: number): void;
  /** The use, in the order in which the kernel changed it, or a threshold is another. */
  used(slots: number): void;
}

/** A throttled request that has not come to its search. */
interface Stand {
  slept: boolean;
  admitted: boolean;
}

export class GateReplay {
  /** Decisions compared. */
  decisions = 0;
  /** Who is told. */
  hooks: ThrottleHooks | null = null;
  readonly #throttle: Throttle;
  readonly #decisions: DecisionColumns;
  readonly #stands = new Map<number, Stand>();

  constructor(throttle: Throttle, decisions: DecisionColumns) {
    this.#throttle = throttle;
    this.#decisions = decisions;
  }

  /** A request reads the use. @returns how the model sees it otherwise. */
  decide(row: number, decision: number): Parting | null {
    const { used, why, semCount, high, low, cpu } = this.#decisions;
    const throttle = this.#throttle;
    this.decisions++;
    const held = throttle.semCount;
    const own = throttle.decide(at(used, decision));
    if (own !== 'none') {
      this.#stands.set(row, { slept: false, admitted: false });
      this.hooks?.arrived(row, at(cpu, decision), own);
    }
    const expected = decisionText(
      THROTTLE_WHYS[at(why, decision)] ?? 'none',
      at(semCount, decision),
      at(high, decision),
      at(low, decision),
    );
    const got = decisionText(own, held, throttle.highThrottle, throttle.lowThrottle);
    return expected === got ? null : parting(expected, got);
  }

  /** A request went to sleep. */
  queue(row: number): Parting | null {
    const stand = this.#stands.get(row);
    if (stand === undefined) return parting('asleep in the queue', 'not throttled');
    if (this.#throttle.enter(row)) {
      this.#letIn(row, stand);
      return parting('asleep in the queue', 'the semaphore, which was free');
    }
    stand.slept = true;
    this.hooks?.slept(row);
    return null;
  }

  /** A request has the semaphore; `waited` as in `MOMENT.acquire`. */
  acquire(row: number, waited: number): Parting | null {
    const stand = this.#stands.get(row);
    if (stand === undefined) return parting('the semaphore', 'not throttled');
    const difference = this.#comeIn(row, stand);
    if (difference !== null || waited === -1 || (waited === 1) === stand.slept) return difference;
    return parting(acquiredText(waited === 1), acquiredText(stand.slept));
  }

  #comeIn(row: number, stand: Stand): Parting | null {
    if (stand.admitted) return null;
    const throttle = this.#throttle;
    const mayGo = stand.slept ? !throttle.queue.has(row) : throttle.enter(row);
    if (!mayGo) {
      const { length } = throttle.queue;
      throttle.leave(row);
      this.#letIn(row, stand);
      return parting('the semaphore', `asleep, one of ${length} in the queue`);
    }
    if (stand.slept) throttle.resume(row, 0);
    this.#letIn(row, stand);
    return null;
  }

  #letIn(row: number, stand: Stand): void {
    stand.admitted = true;
    this.hooks?.admitted(row);
  }

  /**
   * A request comes to its search.
   *
   * @returns whether it is throttled, which its first slot will say.
   */
  search(row: number, tell: (difference: Parting) => void): boolean {
    const stand = this.#stands.get(row);
    if (stand === undefined) return false;
    if (!stand.admitted) {
      this.#throttle.leave(row);
      this.#letIn(row, stand);
      tell(parting('a search', 'no search without the semaphore'));
    }
    this.#stands.delete(row);
    return true;
  }

  /** Whether the model throttled a request that has not come to its search. */
  has(row: number): boolean {
    return this.#stands.has(row);
  }
}

function decisionText(why: ThrottleWhy, semCount: number, high: number, low: number): string {
  const outcome = why === 'none' ? 'not throttled' : `throttled above ${why}`;
  return `${outcome} (semaphore ${semCount}, high ${high}, low ${low})`;
}

function acquiredText(slept: boolean): string {
  return slept ? 'the semaphore after a sleep' : 'the semaphore at once';
}
