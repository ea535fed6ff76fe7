/**
 * What a run has spent on bouncing, by kind, and the most memory it held for it: the modelled
 * numbers by which two answers to a full pool are compared. Every total is made of the costs in
 * `costs.ts`, and of nothing else.
 */
import type { Costs } from './costs.ts';
import { MapTimes } from './map-times.ts';
import type { ConversionTally, GuestPages } from '../model/guest-pages.ts';
import { MAX_ORDER_SLOTS, SLOT_BYTES } from '../model/geometry.ts';
import type { Keeper } from '../model/keeper.ts';
import type { Swiotlb } from '../model/swiotlb.ts';

/** Virtual ns spent so far, CPU time of all CPUs together. */
export interface Spent {
  /** Copying, both ways. */
  copyNs: number;
  /** Searching, taking and giving back slots, with the area's lock held. */
  searchNs: number;
  /** Spinning for an area's lock. */
  spinNs: number;
  /** Sharing pages with the host, and making them private again. */
  convertNs: number;
  /** Getting pages from the page allocator. */
  pagesNs: number;
  /** Moving pages out of the way: compaction, CMA. */
  migrateNs: number;
  /** Looking buffers up that have pages of their own. */
  lookupNs: number;
}

/** Nothing spent. */
export const NOT_SPENT: Spent = {
  copyNs: 0,
  searchNs: 0,
  spinNs: 0,
  convertNs: 0,
  pagesNs: 0,
  migrateNs: 0,
  lookupNs: 0,
};

/** The books of a simulation that growing is about. */
export class RunCosts {
  readonly spent: Spent = { ...NOT_SPENT };
  readonly mapTimes = new MapTimes();
  /** Pools that were made for one request each. */
  transients = 0;
  /** `dma_alloc_*` that found no memory. */
  failedAllocs = 0;
  /** Pages that were moved out of the way. */
  migrated = 0;
  /** Bytes that pools got beyond what Linux 6.12 would have asked for. */
  overAllocated = 0;
  /** Bytes of buffers and allocations that have pages of their own, now. */
  ownBytes = 0;
  /** The most bytes held for bouncing at a time: pools of every kind, and pages of one's own. */
  peakHeld = 0;
  readonly #swiotlb: Swiotlb;
  readonly #guest: GuestPages | null;
  readonly #plainSlots: number;

  /**
   * @param guest null on a machine without a page allocator.
   * @param plainSlots of the pool that Linux 6.12 would have booted with.
   */
  constructor(swiotlb: Swiotlb, guest: GuestPages | null, plainSlots: number) {
    this.#swiotlb = swiotlb;
    this.#guest = guest;
    this.#plainSlots = plainSlots;
    this.overAllocated = Math.max(0, swiotlb.mem.nslabs - plainSlots) * SLOT_BYTES;
    this.noteHeld();
  }

  /**
   * Bytes held for bouncing now: whole blocks of the page allocator, whatever is used of them. A
   * transient pool out of a coherent pool is held by that already. Memory of a CMA region counts
   * once it is taken, not before.
   */
  get held(): number {
    const { mems, registry } = this.#swiotlb;
    const slots = mems.reduce((sum, { nslabs }) => sum + nslabs, 0);
    const coherent = this.#guest?.pools.reduce((sum, { bytes }) => sum + bytes, 0) ?? 0;
    return slots * SLOT_BYTES + registry.transientBytes + coherent + this.ownBytes;
  }

  /** Conversions in both directions so far. */
  get conversions(): ConversionTally {
    const { toShared = NONE, toPrivate = NONE } = this.#guest ?? {};
    return {
      calls: toShared.calls + toPrivate.calls,
      smallPages: toShared.smallPages + toPrivate.smallPages,
      largePages: toShared.largePages + toPrivate.largePages,
    };
  }

  /**
   * Enters what the conversions since `before` take, in both directions.
   *
   * @param before an earlier `conversions`.
   * @returns virtual ns.
   */
  payConversions(before: ConversionTally, costs: Costs): number {
    const now = this.conversions;
    const ns =
      (now.calls - before.calls) * costs.convertNs +
      (now.smallPages - before.smallPages) * costs.convertPageNs +
      (now.largePages - before.largePages) * costs.convertLargeNs;
    this.spent.convertNs += ns;
    return ns;
  }

  /** 2 MiB pages that the host has had to split. */
  get splitHostPages(): number {
    return this.#guest?.splitHostPages ?? 0;
  }

  /** The worker added a pool of so many slots. */
  grew(nslabs: number): void {
    const plain = Math.min(this.#plainSlots, MAX_ORDER_SLOTS);
    this.overAllocated += Math.max(0, nslabs - plain) * SLOT_BYTES;
    this.noteHeld();
  }

  keep(k: Keeper): void {
    k.fields(this.spent);
    this.mapTimes.keep(k);
    this.transients = k.value(this.transients);
    this.failedAllocs = k.value(this.failedAllocs);
    this.migrated = k.value(this.migrated);
    this.overAllocated = k.value(this.overAllocated);
    this.ownBytes = k.value(this.ownBytes);
    this.peakHeld = k.value(this.peakHeld);
  }

  /** Memory was got or given back. */
  noteHeld(): void {
    const { held } = this;
    if (held > this.peakHeld) this.peakHeld = held;
  }
}

const NONE: ConversionTally = { calls: 0, smallPages: 0, largePages: 0 };
