/**
 * Bounce buffers that have pages of their own, a row each, and what they cost everybody: the RFC
 * "swiotlb: Allow dynamic allocation of bounce buffers" (March 2023, not merged).
 *
 * Follows swiotlb_dyn_map(), swiotlb_dyn_unmap() and swiotlb_dyn_slot() of its patch 3/4. It differs
 * in that the tree's lock is held in one go for all look-ups of one step, from the step's beginning;
 * and in that pages are made private again at the unmap even in an interrupt, where the kernel could
 * not have done that.
 */
import { ownReport, type OwnReport } from './own-report.ts';
import { OWN_ROW } from './requests.ts';
import { EVENT, type World } from './world.ts';
import type { MapWish } from './locked-work.ts';
import type { Writeback } from './writeback.ts';
import type { GuestPages } from '../model/guest-pages.ts';
import { FrameTree } from '../model/frame-tree.ts';
import { PAGE_BYTES } from '../model/geometry.ts';
import type { Keeper } from '../model/keeper.ts';
import { giveOwnPages, takeOwnPages, type OwnPages } from '../model/own-pages.ts';

/** What `map` gives instead of a time. */
export const NO_PAGES = -1;
export const ASLEEP = -2;

/** `PAGE_ALLOC_COSTLY_ORDER`: nobody waits for a larger block. */
const COSTLY_BYTES = 8 * PAGE_BYTES;
/** Entering a buffer, and finding it for the copy. */
const MAP_LOOKS = 2;
/** For the sync, for the unmap, and to take it out; one more for the copy back. */
const UNMAP_LOOKS = 3;
/** A direct mapping is looked for twice before it is known to be none: sync and unmap. */
const DIRECT_LOOKS = 2;
const TO_DEVICE = 1;

/** One buffer, while it is mapped. */
export interface OwnBuffer {
  /** Counts them from 1. */
  readonly serial: number;
  /** Index in the scenario. */
  readonly device: number;
  /** Bytes of the data. */
  readonly size: number;
  readonly direction: number;
  readonly sinceNs: number;
  readonly pages: OwnPages;
}

/** The book of a machine whose kernel makes such buffers; null for every other. */
export function ownBuffersOf(world: World, writeback: Writeback | null): OwnBuffers | null {
  const { pages, facts } = world;
  if (pages === null || !facts.perMapping) return null;
  return new OwnBuffers(world, pages.guest, writeback, facts.mayStartIo);
}

/** The buffers of one run with pages of their own. */
export class OwnBuffers {
  /** Live ones, by row, oldest first. */
  readonly live = new Map<number, OwnBuffer>();
  /** Devices that ever had one, by index. */
  readonly seen = new Set<number>();
  /** Maps that got pages, maps that were left to the fixed pool, and sleeps in the allocator. */
  maps = 0;
  leftToPool = 0;
  sleeps = 0;
  /** Look-ups in the tree: all of them, and those for mappings that were never in it. */
  looks = 0;
  vainLooks = 0;
  /** What the last `map` took, whatever came of it, virtual ns. */
  triedNs = 0;
  /** Requests whose tasks sleep, and since when. */
  readonly sleepers = new Map<number, number>();
  readonly writeback: Writeback | null;
  readonly #world: World;
  readonly #guest: GuestPages;
  readonly #mayStartIo: boolean;
  readonly #tree = new FrameTree();
  /** When the tree's lock is free again. */
  #freeAtNs = 0;

  /** @param mayStartIo whether a request that may sleep waits for writes (GFP_KERNEL, not GFP_NOIO). */
  constructor(world: World, guest: GuestPages, writeback: Writeback | null, mayStartIo: boolean) {
    this.#world = world;
    this.#guest = guest;
    this.writeback = writeback;
    this.#mayStartIo = mayStartIo;
  }

  /**
   * Tries to get pages for what is wished.
   *
   * @returns ns until it is mapped and copied, its row then being the newest of `live`; `NO_PAGES`
   * when it is left to the fixed pool, after `triedNs`; `ASLEEP` when the task is to sleep until
   * `wake`.
   */
  map(wish: MapWish, maySleep: boolean): number {
    const { costs, books, hash, ledger, nowNs, dma } = this.#world;
    const { device, bytes, direction } = wish;
    const asking = dma[device];
    if (asking === undefined) throw new RangeError(`there is no device ${device}`);
    const before = books.conversions;
    const pages = this.#take(
      () => takeOwnPages(this.#guest, asking, bytes, maySleep),
      bytes,
      maySleep,
    );
    // What the host would not share was made private again, and cost both.
    const convertNs = books.payConversions(before, costs);
    const takingNs = costs.ownPagesNs + this.#movedNs() + convertNs;
    if (pages === null || pages === ASLEEP) {
      books.spent.pagesNs += costs.ownPagesNs;
      this.triedNs = Math.round(takingNs);
      if (pages === ASLEEP) return ASLEEP;
      this.leftToPool++;
      return NO_PAGES;
    }
    const row = OWN_ROW + ++this.maps;
    this.#tree.add(pages.base / PAGE_BYTES, pages.bytes / PAGE_BYTES, row);
    this.live.set(row, {
      serial: this.maps,
      device,
      size: bytes,
      direction,
      sinceNs: nowNs,
      pages,
    });
    this.seen.add(device);
    hash.word(pages.base / PAGE_BYTES);
    ledger.mapOwn(device, bytes);
    if (pages.region < 0) books.ownBytes += pages.held;
    books.noteHeld();
    const clearNs = Math.round(pages.bytes / costs.clearBytesPerNs);
    books.spent.pagesNs += costs.ownPagesNs + clearNs;
    this.triedNs = Math.round(takingNs + clearNs);
    return this.triedNs + this.look(MAP_LOOKS);
  }

  /** The row that `map` has made. */
  get newestRow(): number {
    return OWN_ROW + this.maps;
  }

  /** Gives a buffer's pages back; it is copied back already. @returns ns that takes. */
  unmap(row: number): number {
    const { books, ledger, costs } = this.#world;
    const buffer = this.live.get(row);
    if (buffer === undefined) throw new RangeError(`no buffer has row ${row}`);
    const { device, size, direction, pages } = buffer;
    const isCopied = direction !== TO_DEVICE;
    const lookNs = this.look(UNMAP_LOOKS + Number(isCopied));
    this.#tree.remove(pages.base / PAGE_BYTES);
    this.live.delete(row);
    const before = books.conversions;
    giveOwnPages(this.#guest, pages);
    ledger.unmapOwn(device, isCopied ? size : 0);
    if (pages.region < 0) books.ownBytes -= pages.held;
    books.spent.pagesNs += costs.ownPagesNs;
    this.wake();
    const givingNs = costs.ownPagesNs + books.payConversions(before, costs);
    return lookNs + Math.round(givingNs);
  }

  /** What the page is told. */
  report(): OwnReport {
    return ownReport(this, this.#world.requests);
  }

  /** Looks so many addresses up, or enters them. @returns ns, waiting for the lock included. */
  look(times: number): number {
    const { costs, books, nowNs } = this.#world;
    const eachNs = costs.treeLockNs + this.#tree.levels * costs.treeLevelNs;
    const endNs = Math.max(nowNs, this.#freeAtNs) + Math.round(times * eachNs);
    this.#freeAtNs = endNs;
    this.looks += times;
    books.spent.lookupNs += endNs - nowNs;
    return endNs - nowNs;
  }

  /** The look-ups of an unmap that has no buffer here. @returns ns. */
  lookInVain(): number {
    this.vainLooks += DIRECT_LOOKS;
    return this.look(DIRECT_LOOKS);
  }

  /** Notes a request whose task sleeps until `wake`. */
  sleep(request: number): void {
    this.sleeps++;
    this.sleepers.set(request, this.#world.nowNs);
  }

  /** Memory was given back, or a write has ended: whoever sleeps tries again. */
  wake(): void {
    if (this.sleepers.size === 0) return;
    const { alarms, costs, nowNs } = this.#world;
    for (const request of this.sleepers.keys()) {
      alarms.set(nowNs + costs.wakeNs, EVENT.memory, request);
    }
    this.sleepers.clear();
  }

  keep(k: Keeper): void {
    k.map(this.live);
    this.maps = k.value(this.maps);
    this.leftToPool = k.value(this.leftToPool);
    this.sleeps = k.value(this.sleeps);
    this.looks = k.value(this.looks);
    this.vainLooks = k.value(this.vainLooks);
    this.triedNs = k.value(this.triedNs);
    k.map(this.sleepers);
    k.set(this.seen);
    this.#tree.keep(k);
    this.#freeAtNs = k.value(this.#freeAtNs);
  }

  /** Frees page cache as long as that helps; who may wait for its writes is to sleep. */
  #take(
    once: () => OwnPages | null,
    bytes: number,
    maySleep: boolean,
  ): OwnPages | typeof ASLEEP | null {
    for (;;) {
      const pages = once();
      if (pages !== null || !maySleep || this.writeback === null) return pages;
      const isFreed = this.writeback.reclaim();
      if (bytes > COSTLY_BYTES) return isFreed ? once() : null;
      if (isFreed) continue;
      return this.#mayStartIo && this.writeback.dirty > 0 ? ASLEEP : null;
    }
  }

  /** ns for pages that compaction has moved for the last block. */
  #movedNs(): number {
    const { costs, books } = this.#world;
    const { path, compaction } = this.#guest.allocator.outcome;
    if (path === 'fast' || path === 'slow') return 0;
    books.migrated += compaction.migrated;
    const ns = compaction.migrated * costs.migratePageNs;
    books.spent.migrateNs += ns;
    return ns;
  }
}
