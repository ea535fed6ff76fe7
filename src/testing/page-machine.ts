/**
 * Small machines for tests of the page allocator, and what must hold on any of them.
 */
import type { BootMemory, PageMemory, PageRange } from '../model/boot-memory.ts';
import { MAX_PAGE_ORDER } from '../model/geometry.ts';
import { isMergeable, MIGRATE_TYPES } from '../model/migrate-type.ts';
import {
  ABSENT,
  FREE,
  ORDER_MASK,
  PAGEBLOCK_ORDER,
  TAIL,
  USE_MASK,
  USED,
  type PageMap,
} from '../model/page-map.ts';
import { PAGE_ORDERS, type Zone } from '../model/zone.ts';

/** Page frames of a MiB. */
export const MIB_PAGES = 256;

/** 16 MiB in zone DMA, 32 MiB in DMA32, 16 MiB in Normal, with holes. */
export const SMALL_MACHINE: BootMemory = {
  usable: [
    { startPfn: 1, pages: 158 },
    { startPfn: MIB_PAGES, pages: 3840 + 32 * MIB_PAGES },
    { startPfn: 2 ** 20, pages: 16 * MIB_PAGES },
  ],
};

/** One zone, DMA32, of `mib` MiB. */
export function flatMachine(mib: number, more: Partial<BootMemory> = {}): BootMemory {
  return { usable: [{ startPfn: 4096, pages: mib * MIB_PAGES }], minFreeKib: 128, ...more };
}

/** First page frames of a free list, head first. */
export function freeList(zone: Zone, order: number, type: number): number[] {
  const found: number[] = [];
  for (let at = zone.first(order, type); at !== -1; at = zone.after(at)) {
    found.push(zone.pages.pfnOf(at));
  }
  return found;
}

/** Free blocks of every order, whatever their kind. */
export function freeCounts(zone: Zone): number[] {
  return Array.from({ length: PAGE_ORDERS }, (_, order) => zone.nrFree(order));
}

/**
 * What is wrong with a page map, in words; nothing when all holds: every free block is on the list
 * of its order and kind, no page is in two blocks, counts agree, and no two free buddies that could
 * have grown together lie side by side.
 */
export function faultsOf({ pages, zones }: PageMemory): string[] {
  return zones.flatMap((zone) => [...listFaults(zone), ...walkFaults(pages, zone)]);
}

function listFaults(zone: Zone): string[] {
  const faults: string[] = [];
  let free = 0;
  for (let type = 0; type < MIGRATE_TYPES; type++) {
    for (let order = 0; order <= MAX_PAGE_ORDER; order++) {
      const list = freeList(zone, order, type);
      if (list.length !== zone.blocks(order, type)) faults.push(`count of order ${order}`);
      faults.push(...list.flatMap((pfn) => listedFaults(zone, pfn, order, type)));
      free += list.length * 2 ** order;
    }
  }
  if (free !== zone.free) faults.push(`${zone.name} counts ${zone.free} free pages of ${free}`);
  return faults;
}

/** What is wrong with a block that the list of an order and a kind names. */
function listedFaults({ pages, span }: Zone, pfn: number, order: number, type: number): string[] {
  const index = pages.indexOf(pfn);
  const faults: string[] = [];
  if (pages.state[index] !== (FREE | order)) faults.push(`${pfn} is listed and not free`);
  if (pages.blockType[index >>> PAGEBLOCK_ORDER] !== type) faults.push(`${pfn} is of another kind`);
  if (pages.zoneOfChunk[index >>> MAX_PAGE_ORDER] !== span.id) faults.push(`${pfn} strays`);
  return faults;
}

/** Walks a zone from block to block: nothing may begin inside another block. */
function walkFaults(pages: PageMap, zone: Zone): string[] {
  const faults: string[] = [];
  let listed = 0;
  let held = 0;
  for (let at = zone.span.firstIndex; at < zone.span.endIndex;) {
    const what = pages.state[at] as number;
    if (what === TAIL) faults.push(`${pages.pfnOf(at)} is inside no block`);
    const order = what === ABSENT || what === TAIL ? 0 : what & ORDER_MASK;
    if (what >= USED) held += 2 ** order;
    if ((what & USE_MASK) === FREE) {
      listed++;
      if (couldGrow(pages, at, order)) faults.push(`${pages.pfnOf(at)} did not grow`);
    }
    const inside = pages.state.subarray(at + 1, at + 2 ** order);
    if (!inside.every((state) => state === TAIL)) faults.push(`${pages.pfnOf(at)} holds a block`);
    at += 2 ** order;
  }
  const counted = freeCounts(zone).reduce((sum, blocks) => sum + blocks, 0);
  if (listed !== counted) faults.push(`${listed} free blocks, ${counted} listed`);
  if (held + zone.free !== zone.managed) faults.push(`${zone.name} lost pages`);
  return faults;
}

function couldGrow(pages: PageMap, at: number, order: number): boolean {
  const buddy = at ^ (1 << order);
  if (order === MAX_PAGE_ORDER || pages.state[buddy] !== (FREE | order)) return false;
  const kinds = [at, buddy].map((index) => pages.blockType[index >>> PAGEBLOCK_ORDER] as number);
  return kinds[0] === kinds[1] || kinds.every(isMergeable);
}

/** The pieces in which boot frees a range: the largest aligned ones. */
export function bootPieces({ startPfn, pages }: PageRange): { pfn: number; order: number }[] {
  const pieces: { pfn: number; order: number }[] = [];
  for (let pfn = startPfn; pfn < startPfn + pages;) {
    let order = MAX_PAGE_ORDER;
    while (pfn % 2 ** order !== 0 || pfn + 2 ** order > startPfn + pages) order--;
    pieces.push({ pfn, order });
    pfn += 2 ** order;
  }
  return pieces;
}
