/**
 * What is in a pageblock, in a few numbers: a picture of the page map that a page can be sent.
 *
 * No counterpart in the kernel, whose /proc/kpageflags tells it page by page. Reads only.
 */
import { MAX_PAGE_ORDER } from './geometry.ts';
import {
  CHUNK_PAGES,
  FREE,
  ORDER_MASK,
  PAGEBLOCK_PAGES,
  PINNED,
  USE_MASK,
  USED,
  USED_MOVABLE,
  type PageMap,
} from './page-map.ts';
import { blockPages } from './page-steal.ts';

/** `USED` with the kind reclaimable. */
const USED_RECLAIMABLE = USED + 0x20;

/** Columns that a survey fills, a row for each pageblock. Pages but for the first. */
export interface BlockColumns {
  /** Largest free block that reaches into the pageblock: 0 none, else its order + 1. */
  readonly largest: Uint8Array;
  readonly free: Uint16Array;
  /** In use, by what they were asked for; what is pinned is movable otherwise. */
  readonly unmovable: Uint16Array;
  readonly movable: Uint16Array;
  readonly reclaimable: Uint16Array;
  readonly pinned: Uint16Array;
}

/**
 * Counts pageblock `block` of the map into row `row`: what `free` to `pinned` leave of 512 pages are
 * pages that the allocator never had.
 */
export function surveyBlock(pages: PageMap, block: number, into: BlockColumns, row: number): void {
  const { state } = pages;
  const end = (block + 1) * PAGEBLOCK_PAGES;
  let largest = 0;
  let free = 0;
  let unmovable = 0;
  let movable = 0;
  let reclaimable = 0;
  let pinned = 0;
  for (let at = firstRead(state, block * PAGEBLOCK_PAGES); at < end;) {
    const what = state[at] as number;
    // Of a block of two pageblocks this one has half.
    const count = Math.min(blockPages(what), PAGEBLOCK_PAGES);
    const use = what & USE_MASK;
    if (use === FREE) {
      free += count;
      largest = Math.max(largest, (what & ORDER_MASK) + 1);
    } else if (use === USED_MOVABLE) movable += count;
    else if (use === USED_RECLAIMABLE) reclaimable += count;
    else if (use === PINNED) pinned += count;
    else if (use !== 0) unmovable += count;
    if (count === PAGEBLOCK_PAGES) break;
    at += count;
  }
  into.largest[row] = largest;
  into.free[row] = free;
  into.unmovable[row] = unmovable;
  into.movable[row] = movable;
  into.reclaimable[row] = reclaimable;
  into.pinned[row] = pinned;
}

/** The page that says what the first page of a pageblock is part of. */
function firstRead(state: Uint8Array, start: number): number {
  const chunk = start & -CHUNK_PAGES;
  return ((state[chunk] as number) & ORDER_MASK) === MAX_PAGE_ORDER ? chunk : start;
}

/**
 * The states of a pageblock's 512 pages, a copy. One that is the second half of a block of two
 * pageblocks begins with the state of that block.
 */
export function blockStates(pages: PageMap, block: number): Uint8Array {
  const start = block * PAGEBLOCK_PAGES;
  const states = pages.state.slice(start, start + PAGEBLOCK_PAGES);
  states[0] = pages.state[firstRead(pages.state, start)] as number;
  return states;
}
