import { MapCursor, type FailCause } from '../model/map-cursor.ts';
import type { Pool } from '../model/pool.ts';
import type { Swiotlb } from '../model/swiotlb.ts';
import type { Parting } from './replay-context.ts';

/** A recorded map on its way through the model's areas. Used again for later maps. */
export class Flight {
  readonly cursor = new MapCursor();
  /** Whether there is an area left to search. */
  more = false;
  /** Whether the model has decided. */
  done = false;
  /** The growth worker that this map queues has already run in the recording. */
  workerRan = false;
  /** What the model decided; `tlb` -1 = failed. */
  tlb = -1;
  pool: Pool | null = null;
  slot = -1;
  nslots = 0;
  padSlots = 0;
  probes = 0;
  areas = 0;
  cause: FailCause = 'none';
  throttled = false;
  /** The area searched last and its hint before that, to be put back when a slot is taken over. */
  area = 0;
  indexBefore = 0;
  /** The first difference of this map. */
  parting: Parting | null = null;

  /** Forgets the map before. */
  reset(): void {
    this.more = false;
    this.done = false;
    this.workerRan = false;
    this.tlb = -1;
    this.pool = null;
    this.slot = -1;
    this.nslots = 0;
    this.padSlots = 0;
    this.throttled = false;
    this.parting = null;
  }

  /** Goes to another area than the model's own order says. */
  goTo(pool: Pool, area: number): void {
    this.cursor.pool = pool;
    this.cursor.area = area;
    this.more = true;
  }

  /** Notes a difference, unless there is one already. */
  part(parting: Parting): void {
    this.parting ??= parting;
  }

  /** Searches one area. @returns whether there was room. */
  search(swiotlb: Swiotlb): boolean {
    const { cursor } = this;
    const { pool, area } = cursor;
    this.area = area;
    this.indexBefore = pool?.areaIndex[area] ?? 0;
    if (swiotlb.search(cursor)) return true;
    this.more = swiotlb.nextArea(cursor);
    return false;
  }

  /** Ends the map in the model and keeps what came of it. */
  finish(swiotlb: Swiotlb): void {
    const pending = swiotlb.workerPending;
    swiotlb.finish(this.cursor);
    if (this.workerRan) swiotlb.workerPending = pending;
    const { outcome } = swiotlb;
    this.done = true;
    this.tlb = outcome.tlb;
    this.pool = outcome.pool;
    this.slot = outcome.slot;
    this.nslots = outcome.nslots;
    this.padSlots = outcome.padSlots;
    this.probes = outcome.probes;
    this.areas = outcome.areas;
    this.cause = outcome.cause;
    this.throttled = outcome.throttled;
  }
}
