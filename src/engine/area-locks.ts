/**
 * The locks of the areas: who holds one, who spins for it, and what that cost.
 *
 * The kernel's queued spinlock hands over in the order of arrival, and so does this one. A lock is
 * known by the moment it becomes free, so that an uncontended one needs no event to release it:
 * only a CPU that finds it taken is entered in the queue and woken by an alarm.
 *
 * Typed arrays are read with `as number`: every index was checked when the pool was laid out.
 */
import type { Keeper } from '../model/keeper.ts';
import type { Pool } from '../model/pool.ts';

/** The locks of one pool, a column per area. Only `AreaLocks` writes it. */
export interface LockTable {
  readonly pool: Pool;
  /** Moment in virtual ns from which the lock is free, if nobody is queued. */
  readonly freeAtNs: Float64Array;
  /** Who held it last, or -1. */
  readonly holder: Int32Array;
  /** First and last CPU in the queue, or -1. */
  readonly head: Int32Array;
  readonly tail: Int32Array;
  readonly spinners: Int32Array;
  readonly spunNs: Float64Array;
  readonly heldNs: Float64Array;
  readonly taken: Float64Array;
  readonly contended: Float64Array;
}

const NOBODY = -1;

/** The area locks of every pool; a table is made when first asked for. */
export class AreaLocks {
  readonly #tables = new Map<number, LockTable>();
  #last: LockTable | null = null;
  /** The next CPU in the queue each CPU stands in; a CPU stands in one at most. */
  readonly #behind: Int32Array;
  readonly #spinSinceNs: Float64Array;

  /** @param cpus CPUs of the machine. */
  constructor(cpus: number) {
    this.#behind = new Int32Array(cpus).fill(NOBODY);
    this.#spinSinceNs = new Float64Array(cpus);
  }

  /** The locks of `pool`, made when first asked for. */
  of(pool: Pool): LockTable {
    const last = this.#last;
    if (last?.pool === pool) return last;
    let table = this.#tables.get(pool.id);
    if (table?.pool !== pool) {
      table = emptyTable(pool);
      this.#tables.set(pool.id, table);
    }
    this.#last = table;
    return table;
  }

  keep(k: Keeper): void {
    k.map(this.#tables);
    this.#last = k.value(this.#last);
    for (const table of this.#tables.values()) keepTable(k, table);
    k.array(this.#behind);
    k.array(this.#spinSinceNs);
  }

  /** Forgets the locks of a pool that is gone. */
  forget(pool: Pool): void {
    this.#tables.delete(pool.id);
    if (this.#last?.pool === pool) this.#last = null;
  }

  /** Whether `area` can be taken at once at `nowNs`: free, and nobody before us. */
  isFree(table: LockTable, area: number, nowNs: number): boolean {
    return table.head[area] === NOBODY && nowNs >= (table.freeAtNs[area] as number);
  }

  /** `cpu` takes the lock at `nowNs` and keeps it for `forNs`. */
  hold(table: LockTable, area: number, cpu: number, nowNs: number, forNs: number): void {
    table.holder[area] = cpu;
    table.freeAtNs[area] = nowNs + forNs;
    table.heldNs[area] = (table.heldNs[area] as number) + forNs;
    table.taken[area] = (table.taken[area] as number) + 1;
  }

  /**
   * `cpu` begins to spin.
   *
   * @returns true when it is the first in the queue: it is to be woken when the lock becomes free.
   */
  queue(table: LockTable, area: number, cpu: number, nowNs: number): boolean {
    this.#spinSinceNs[cpu] = nowNs;
    this.#behind[cpu] = NOBODY;
    const last = table.tail[area] as number;
    table.tail[area] = cpu;
    table.spinners[area] = (table.spinners[area] as number) + 1;
    if (last !== NOBODY) {
      this.#behind[last] = cpu;
      return false;
    }
    table.head[area] = cpu;
    return true;
  }

  /** The first in the queue stops spinning; it is to `hold` the lock next. @returns ns it spun. */
  leaveQueue(table: LockTable, area: number, nowNs: number): number {
    const cpu = table.head[area] as number;
    const next = this.#behind[cpu] as number;
    table.head[area] = next;
    if (next === NOBODY) table.tail[area] = NOBODY;
    table.spinners[area] = (table.spinners[area] as number) - 1;
    const spunNs = nowNs - (this.#spinSinceNs[cpu] as number);
    table.spunNs[area] = (table.spunNs[area] as number) + spunNs;
    table.contended[area] = (table.contended[area] as number) + 1;
    return spunNs;
  }

  /** Counts a taking that a recording shows, without a holding time. */
  note(pool: Pool, area: number): void {
    const table = this.of(pool);
    table.taken[area] = (table.taken[area] as number) + 1;
  }

  /** CPU that holds the lock at `nowNs`, or -1. */
  holderAt(table: LockTable, area: number, nowNs: number): number {
    return nowNs < (table.freeAtNs[area] as number) ? (table.holder[area] as number) : NOBODY;
  }

  /** Lowest-numbered CPU that spins for the lock, or -1. */
  lowestSpinner(table: LockTable, area: number): number {
    let lowest = NOBODY;
    for (let cpu = table.head[area] as number; cpu !== NOBODY; cpu = this.#behind[cpu] as number) {
      if (lowest === NOBODY || cpu < lowest) lowest = cpu;
    }
    return lowest;
  }
}

function keepTable(k: Keeper, table: LockTable): void {
  k.array(table.freeAtNs);
  k.array(table.holder);
  k.array(table.head);
  k.array(table.tail);
  k.array(table.spinners);
  k.array(table.spunNs);
  k.array(table.heldNs);
  k.array(table.taken);
  k.array(table.contended);
}

function emptyTable(pool: Pool): LockTable {
  const { nareas } = pool;
  return {
    pool,
    freeAtNs: new Float64Array(nareas),
    holder: new Int32Array(nareas).fill(NOBODY),
    head: new Int32Array(nareas).fill(NOBODY),
    tail: new Int32Array(nareas).fill(NOBODY),
    spinners: new Int32Array(nareas),
    spunNs: new Float64Array(nareas),
    heldNs: new Float64Array(nareas),
    taken: new Float64Array(nareas),
    contended: new Float64Array(nareas),
  };
}
