/**
 * Reads the machine's memory for the page, pageblock by pageblock, as many at a time as there is
 * time for. Changes nothing.
 */
import { blocksOfCell, cellOfBlock, memoryCells, type MemoryCells } from './memory-cells.ts';
import {
  MemoryColumns,
  type MemoryCma,
  type MemoryCoherent,
  type MemoryNews,
  type MemoryPool,
  type MemoryZone,
} from './memory-news.ts';
import type { World } from './world.ts';
import { blockStates, surveyBlock } from '../model/block-survey.ts';
import type { CoherentBlock } from '../model/coherent-pool.ts';
import { PAGE_BYTES, SLOT_BYTES } from '../model/geometry.ts';
import type { GuestPages } from '../model/guest-pages.ts';
import { PAGEBLOCK_ORDER, PAGEBLOCK_PAGES } from '../model/page-map.ts';
import { PAGE_ORDERS, ZONE_NAMES, ZONE_START_PFN, type Zone } from '../model/zone.ts';

/** Pools told by name; more are in the columns all the same. */
const POOLS = 512;
/** Zone bits of a coherent pool in words. */
const COHERENT_ZONES = { 0: 'any zone', 4: 'DMA32', 1: 'DMA' } as const;

/** One per run and page that looks. */
export class MemorySurvey {
  readonly #world: World;
  readonly #guest: GuestPages;
  readonly #cells: MemoryCells;
  #columns: MemoryColumns;
  #next = 0;
  #fromNs = 0;

  /** @throws RangeError on a machine without a page allocator. */
  constructor(world: World) {
    if (world.pages === null) throw new RangeError('this machine has no page allocator');
    this.#world = world;
    this.#guest = world.pages.guest;
    this.#cells = memoryCells(world.memory, this.#guest.allocator.pages);
    this.#columns = new MemoryColumns(this.#cells.count);
  }

  /** Cells of a reading. */
  get cells(): number {
    return this.#cells.count;
  }

  /** Whether a reading has begun and is not over. */
  get isUnderWay(): boolean {
    return this.#next > 0;
  }

  /**
   * Reads up to `most` pageblocks more.
   *
   * @returns the news when all are read, with a buffer that is the caller's; else null.
   */
  read(most: number): MemoryNews | null {
    const { count, mapBlock, kind } = this.#cells;
    if (this.#next === 0) this.#fromNs = this.#world.nowNs;
    const columns = this.#columns;
    const { pages } = this.#guest.allocator;
    const end = Math.min(count, this.#next + most);
    for (let cell = this.#next; cell < end; cell++) {
      const block = mapBlock[cell] as number;
      columns.kind[cell] = (block === -1 ? kind[cell] : pages.blockType[block]) as number;
      if (block !== -1) surveyBlock(pages, block, columns, cell);
    }
    this.#next = end;
    if (end < count) return null;
    this.#next = 0;
    const pools = this.#pools(columns);
    const coherent = this.#guest.pools.map((pool) => this.#coherentOf(pool, columns));
    this.#columns = new MemoryColumns(count);
    return {
      fromNs: this.#fromNs,
      toNs: this.#world.nowNs,
      event: this.#world.event,
      cells: count,
      stretches: this.#cells.stretches,
      zones: this.#guest.allocator.zones.map((zone) => this.#zoneOf(zone)),
      pools,
      coherent,
      cma: this.#cma(),
      buffer: columns.buffer,
    };
  }

  /** States of the 512 pages of a cell's pageblock; null for one that the allocator never had. */
  states(cell: number): Uint8Array | null {
    const block = this.#cells.mapBlock[cell] ?? -1;
    return block === -1 ? null : blockStates(this.#guest.allocator.pages, block);
  }

  #pools({ pooled }: MemoryColumns): MemoryPool[] {
    const all = this.#world.swiotlb.pools.map(({ id, kind, base, nslabs }) => {
      const bytes = nslabs * SLOT_BYTES;
      this.#mark(pooled, base / PAGE_BYTES, Math.ceil(bytes / PAGE_BYTES));
      return { id, kind, base, bytes };
    });
    return all.slice(0, POOLS);
  }

  #coherentOf(
    { zone, bytes, freeBytes, initialBytes, needsWork, blocks }: GuestPages['pools'][number],
    { coherent }: MemoryColumns,
  ): MemoryCoherent {
    for (const { pfn, pages } of blocks) this.#mark(coherent, pfn, pages);
    return {
      zone: COHERENT_ZONES[zone],
      bytes,
      freeBytes,
      initialBytes,
      refillPending: needsWork,
      blocks: blocks.map(blockOf),
    };
  }

  /** Adds pages from a frame on to the cells they lie in. */
  #mark(column: Uint16Array, pfn: number, pages: number): void {
    const end = pfn + pages;
    for (let at = pfn; at < end;) {
      const block = Math.floor(at / PAGEBLOCK_PAGES);
      const to = Math.min(end, (block + 1) * PAGEBLOCK_PAGES);
      const cell = cellOfBlock(this.#cells.stretches, block);
      if (cell !== -1) column[cell] = (column[cell] as number) + to - at;
      at = to;
    }
  }

  #zoneOf(zone: Zone): MemoryZone {
    const { id } = zone.span;
    // Where zone DMA ends is the board's to say.
    const starts = [0, this.#world.memory.dmaEnd / PAGE_BYTES, ZONE_START_PFN[2]];
    const from = this.#firstCellOf(starts[id] ?? 0);
    const to = this.#firstCellOf(starts[id + 1] ?? Infinity);
    return {
      name: ZONE_NAMES[id],
      firstCell: from,
      cells: to - from,
      managed: zone.managed,
      free: zone.free,
      freeCma: zone.freeCma,
      min: zone.marks.min,
      low: zone.marks.low,
      high: zone.marks.high,
      boost: zone.boost,
      nrFree: Array.from({ length: PAGE_ORDERS }, (_, order) => zone.nrFree(order)),
    };
  }

  /** First cell at or behind a page frame. */
  #firstCellOf(pfn: number): number {
    const block = pfn / 2 ** PAGEBLOCK_ORDER;
    const { count, stretches } = this.#cells;
    const cell = cellOfBlock(stretches, block);
    if (cell === -1) return count;
    // In the middle of a hole: it belongs to the zone below.
    return blocksOfCell(stretches, cell).block < block ? cell + 1 : cell;
  }

  #cma(): MemoryCma | null {
    const area = this.#guest.cma;
    if (area === null) return null;
    const { allocator } = this.#guest;
    const { startPfn, pages } = area.range;
    const zone = allocator.zoneAt(allocator.pages.indexOf(startPfn)).name;
    return { zone, pfn: startPfn, pages, used: area.used };
  }
}

/** A block of a coherent pool as it is told. */
function blockOf({ pfn, pages, free, taken }: CoherentBlock) {
  let digits = '';
  for (let at = 0; at < pages; at += 4) {
    let digit = 0;
    for (let bit = 0; bit < 4; bit++) digit = digit * 2 + (taken[at + bit] ?? 0);
    digits += digit.toString(16);
  }
  return { pfn, pages, free, taken: digits };
}
