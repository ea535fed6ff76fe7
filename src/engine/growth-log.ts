/**
 * What became of every try to grow: the orders asked for, who refused, what was got, and what it
 * cost. Written around the page allocator's door, so that nobody has to remember to write it.
 *
 * Follows the calls of swiotlb_alloc_pool() in kernel/dma/swiotlb.c, Linux 6.12.
 */
import { PAGE_ORDERS } from '../model/geometry.ts';
import type { PerMapping } from './per-mapping.ts';
import type { GuestPages } from '../model/guest-pages.ts';
import type { Keeper } from '../model/keeper.ts';
import type { AllocPath } from '../model/page-allocator.ts';
import type { GfpZone, PageSource } from '../model/page-source.ts';

/**
 * Who wanted memory: the worker, a request in a hurry, one that makes a pool of its own, or the
 * coherent pools, which the background refills.
 */
export type GrowthFor = 'worker' | 'transient' | 'request' | 'refill';

/** One block asked for. */
export interface GrowthTry {
  /** `coherent`: out of a coherent pool; `refill`: a block for one. */
  readonly what: 'pool' | 'slots' | 'coherent' | 'refill';
  readonly order: number;
  /** Zone bits of the request; the zone that served it, or null; `CMA` for a try in the region. */
  readonly zone: GfpZone;
  readonly from: string | null;
  readonly path: AllocPath | 'cma';
  /** Pages that compaction moved for it. */
  readonly migrated: number;
  /** The block was there, but the host would not share it. Left out: nothing was refused so. */
  readonly unshared?: true;
}

/** One attempt to get a pool. */
export interface GrowthAttempt {
  /** Counts attempts from 1. */
  readonly serial: number;
  readonly timeNs: number;
  readonly event: number;
  readonly by: GrowthFor;
  readonly tries: readonly GrowthTry[];
  /** Slots of the pool got, 0 = none; of a refill, what the coherent pools got. */
  readonly slots: number;
  /** Free blocks of each order in all zones together, before. */
  readonly freeBefore: readonly number[];
  /** Conversions it took: calls, 4 KiB pages, 2 MiB pages. */
  readonly converted: readonly [calls: number, small: number, large: number];
  readonly costNs: number;
}

/** Attempts kept; older ones are forgotten, `count` goes on. */
const KEPT = 512;

/** The attempts of one run. */
export class GrowthLog {
  #attempts: GrowthAttempt[] = [];
  #forgotten = 0;

  /** Attempts ever made; the argument for a later `since`. */
  get count(): number {
    return this.#forgotten + this.#attempts.length;
  }

  /** The attempts made after the first `count`, as far as they are kept. */
  since(count: number): readonly GrowthAttempt[] {
    return this.#attempts.slice(Math.max(0, count - this.#forgotten));
  }

  keep(k: Keeper): void {
    k.list(this.#attempts);
    this.#forgotten = k.value(this.#forgotten);
  }

  add(attempt: Omit<GrowthAttempt, 'serial'>): void {
    this.#attempts.push({ ...attempt, serial: this.count + 1 });
    if (this.#attempts.length <= 2 * KEPT) return;
    this.#forgotten += this.#attempts.length - KEPT;
    this.#attempts = this.#attempts.slice(-KEPT);
  }
}

/** The page allocator's door with a note of every call through it. */
export class NotedPages implements PageSource {
  readonly guest: GuestPages;
  /** What buffers with pages of their own take. */
  readonly perMapping: PerMapping | null;
  /** Calls since `begin`. */
  readonly #tries: GrowthTry[] = [];
  #freeBefore: readonly number[] = [];
  #callsBefore = 0;
  #smallBefore = 0;
  #largeBefore = 0;

  /** @param perMapping left out: no buffer gets pages of its own, whatever the mode. */
  constructor(guest: GuestPages, perMapping: PerMapping | null = null) {
    this.guest = guest;
    this.perMapping = perMapping;
  }

  get atomicFromCoherent(): boolean {
    return this.guest.atomicFromCoherent;
  }

  get coherentRegions(): number {
    return this.guest.coherentRegions;
  }

  get dmaLimit(): number {
    return this.guest.dmaLimit;
  }

  /** Whether anything was asked for since `begin`. */
  get wasAsked(): boolean {
    return this.#tries.length > 0;
  }

  /** An attempt begins. */
  begin(): void {
    this.#tries.length = 0;
    const { calls, smallPages, largePages } = this.guest.toShared;
    this.#callsBefore = calls;
    this.#smallBefore = smallPages;
    this.#largeBefore = largePages;
  }

  /** What was asked for since `begin`, and what it converted. */
  taken(): Pick<GrowthAttempt, 'tries' | 'freeBefore' | 'converted'> {
    const { calls, smallPages, largePages } = this.guest.toShared;
    return {
      tries: [...this.#tries],
      freeBefore: this.#freeBefore,
      converted: [
        calls - this.#callsBefore,
        smallPages - this.#smallBefore,
        largePages - this.#largeBefore,
      ],
    };
  }

  allocPages(order: number, zone: GfpZone, maySleep: boolean): number {
    this.#lookBefore();
    const base = this.guest.allocPages(order, zone, maySleep);
    this.#note('pool', order, zone);
    return base;
  }

  freePages(order: number, addr: number): void {
    this.guest.freePages(order, addr);
  }

  allocSlotArray(order: number, maySleep: boolean): boolean {
    this.#lookBefore();
    const got = this.guest.allocSlotArray(order, maySleep);
    this.#note('slots', order, 0);
    return got;
  }

  freeSlotArray(order: number): void {
    this.guest.freeSlotArray(order);
  }

  decrypt(pages: number, addr: number): boolean {
    const isShared = this.guest.decrypt(pages, addr);
    if (!isShared) this.#noteRefusal();
    return isShared;
  }

  /** Refills the coherent pools. @returns pages that they got. */
  refill(): number {
    this.#lookBefore();
    const grown = this.guest.work(
      (order, zone) => this.#note('refill', order, zone),
      () => this.#noteRefusal(),
    );
    return grown.reduce((sum, { order }) => sum + 2 ** order, 0);
  }

  coherentAlloc(region: number, bytes: number): number {
    this.#lookBefore();
    const base = this.guest.coherentAlloc(region, bytes);
    this.#tries.push({
      what: 'coherent',
      order: Math.ceil(Math.log2(Math.max(1, bytes / 4096))),
      zone: 0,
      from: base === -1 ? null : 'coherent pool',
      path: base === -1 ? 'failed' : 'fast',
      migrated: 0,
    });
    return base;
  }

  coherentFree(region: number, bytes: number, addr: number): void {
    this.guest.coherentFree(region, bytes, addr);
  }

  keep(k: Keeper): void {
    k.list(this.#tries);
    this.#freeBefore = k.value(this.#freeBefore);
    this.#callsBefore = k.value(this.#callsBefore);
    this.#smallBefore = k.value(this.#smallBefore);
    this.#largeBefore = k.value(this.#largeBefore);
    this.guest.keep(k);
  }

  #noteRefusal(): void {
    const last = this.#tries.pop();
    if (last !== undefined) this.#tries.push({ ...last, unshared: true });
  }

  #lookBefore(): void {
    if (this.#tries.length > 0) return;
    const { zones } = this.guest.allocator;
    this.#freeBefore = Array.from({ length: PAGE_ORDERS }, (_, order) =>
      zones.reduce((sum, zone) => sum + zone.nrFree(order), 0),
    );
  }

  #note(what: GrowthTry['what'], order: number, zone: GfpZone): void {
    const { allocator, cma, fromCma } = this.guest;
    const { outcome } = allocator;
    if (what === 'pool' && fromCma && cma !== null) {
      const isGot = cma.outcome.isGot;
      this.#tries.push({
        what,
        order,
        zone,
        from: 'CMA',
        path: isGot ? 'cma' : 'failed',
        migrated: cma.outcome.migrated,
      });
      return;
    }
    this.#tries.push({
      what,
      order,
      zone,
      from: outcome.zone?.name ?? null,
      path: outcome.path,
      migrated: outcome.compaction.migrated,
    });
  }
}
