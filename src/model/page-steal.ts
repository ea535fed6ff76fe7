/**
 * What happens when no pageblock of the right kind has room: pages of another kind are taken, and
 * sometimes the whole pageblock with them.
 *
 * Follows __rmqueue_fallback(), find_suitable_fallback(), can_steal_fallback(),
 * steal_suitable_fallback(), prep_move_freepages_block() and boost_watermark() in mm/page_alloc.c,
 * Linux 6.12. It differs in telling movable pages by what they were asked for, where the kernel
 * looks whether they are on an LRU list.
 */
import { expand, takeSmallest } from './buddy.ts';
import { ALLOC_NOFRAGMENT } from './gfp.ts';
import { MAX_PAGE_ORDER } from './geometry.ts';
import { FALLBACKS, MOVABLE } from './migrate-type.ts';
import {
  ABSENT,
  FREE,
  ORDER_MASK,
  PAGEBLOCK_ORDER,
  PAGEBLOCK_PAGES,
  PINNED,
  TAIL,
  USE_MASK,
  USED_MOVABLE,
} from './page-map.ts';
import type { Zone } from './zone.ts';

/** `watermark_boost_factor`: a zone's marks rise by at most one and a half times its high mark. */
const BOOST_FACTOR = 1.5;

/**
 * Takes a block of `order` from pageblocks of other kinds: the largest there is, so that few
 * pageblocks get mixed; for movable pages, which do little harm, the smallest.
 *
 * @returns its index, or -1.
 */
export function takeFallback(zone: Zone, order: number, type: number, flags: number): number {
  const noFragment = (flags & ALLOC_NOFRAGMENT) !== 0;
  const least = noFragment && order < PAGEBLOCK_ORDER ? PAGEBLOCK_ORDER : order;
  for (let size = MAX_PAGE_ORDER; size >= least; size--) {
    const from = fallbackAt(zone, size, type);
    if (from === -1) continue;
    if (maySteal(size, type) || size <= order) return steal(zone, order, type, size, from);
    return takeSmallestFallback(zone, order, type);
  }
  return -1;
}

/** The nearest other kind that has a free block of exactly this order, or -1. */
export function fallbackAt(zone: Zone, order: number, type: number): number {
  const [near, far] = FALLBACKS[type] ?? [];
  if (near !== undefined && zone.first(order, near) !== -1) return near;
  return far !== undefined && zone.first(order, far) !== -1 ? far : -1;
}

/** Whether a block of this order may bring its whole pageblock along (`can_steal_fallback`). */
export function maySteal(order: number, type: number): boolean {
  return order >= PAGEBLOCK_ORDER >> 1 || type !== MOVABLE;
}

function takeSmallestFallback(zone: Zone, order: number, type: number): number {
  for (let size = order; size <= MAX_PAGE_ORDER; size++) {
    const from = fallbackAt(zone, size, type);
    if (from !== -1) return steal(zone, order, type, size, from);
  }
  throw new RangeError(`a block of order ${order} was seen and is gone`);
}

/** Takes from the first block of `size` and kind `from`. */
function steal(zone: Zone, order: number, type: number, size: number, from: number): number {
  const index = zone.first(size, from);
  const { blockType } = zone.pages;
  const block = index >>> PAGEBLOCK_ORDER;
  if (size >= PAGEBLOCK_ORDER) {
    zone.unlink(index, size, from);
    zone.account(-(1 << size), from);
    blockType.fill(type, block, block + (1 << (size - PAGEBLOCK_ORDER)));
    zone.account((1 << size) - (1 << order), type);
    expand(zone, index, size, order, type);
    return index;
  }
  if (maySteal(size, type)) {
    boost(zone);
    if (isMostlyAlike(zone, block, from, type)) {
      moveFreeBlocks(zone, block, type);
      return takeSmallest(zone, order, type);
    }
  }
  zone.unlink(index, size, from);
  zone.account(-(1 << order), from);
  expand(zone, index, size, order, from);
  return index;
}

/** Raises the marks, so that kswapd frees more and mixing becomes rarer. */
function boost(zone: Zone): void {
  // In a very small zone the boost would eat the memory it is to free.
  if (zone.managed < PAGEBLOCK_PAGES * 4) return;
  const share = Math.floor(zone.marks.high * BOOST_FACTOR);
  // Marks are not set up yet while the machine boots.
  if (share === 0) return;
  const most = Math.max(PAGEBLOCK_PAGES, share);
  zone.boost = Math.min(zone.boost + PAGEBLOCK_PAGES, most);
}

/** Whether at least half of a pageblock is free or in use by pages of the kind `type`. */
function isMostlyAlike(zone: Zone, block: number, from: number, type: number): boolean {
  const { state } = zone.pages;
  let free = 0;
  let movable = 0;
  const end = (block + 1) * PAGEBLOCK_PAGES;
  for (let at = block * PAGEBLOCK_PAGES; at < end;) {
    const what = state[at] as number;
    const pages = blockPages(what);
    const use = what & USE_MASK;
    if (use === FREE) free += pages;
    else if (use === USED_MOVABLE || use === PINNED) movable += pages;
    at += pages;
  }
  // Unmovable and reclaimable pages cannot be told apart; in a movable pageblock whatever is not
  // movable is like an unmovable request, in another kind of pageblock nothing is sure.
  let alike = 0;
  if (type === MOVABLE) alike = movable;
  else if (from === MOVABLE) alike = PAGEBLOCK_PAGES - (free + movable);
  return free + alike >= PAGEBLOCK_PAGES / 2;
}

/** Pages that a state stands for, when read at the first page of whatever it is. */
export function blockPages(what: number): number {
  return what === ABSENT || what === TAIL ? 1 : 1 << (what & ORDER_MASK);
}

/**
 * Gives a pageblock to another kind, its free blocks with it, each to the tail of its new list: what
 * moved is not handed out first. A free block of two pageblocks is cut before.
 */
export function moveFreeBlocks(zone: Zone, block: number, type: number): void {
  const { state, blockType } = zone.pages;
  cutAtPageblock(zone, block);
  const from = blockType[block] as number;
  const end = (block + 1) * PAGEBLOCK_PAGES;
  for (let at = block * PAGEBLOCK_PAGES; at < end;) {
    const what = state[at] as number;
    const pages = blockPages(what);
    if ((what & USE_MASK) === FREE) {
      const order = what & ORDER_MASK;
      zone.unlink(at, order, from);
      zone.account(-pages, from);
      zone.link(at, order, type, true);
      zone.account(pages, type);
    }
    at += pages;
  }
  blockType[block] = type;
}

/** Cuts the free block of two pageblocks that holds pageblock `block`, if one does. */
function cutAtPageblock(zone: Zone, block: number): void {
  const { state, blockType } = zone.pages;
  const first = (block & ~1) * PAGEBLOCK_PAGES;
  if (state[first] !== (FREE | MAX_PAGE_ORDER)) return;
  const type = blockType[block] as number;
  zone.unlink(first, MAX_PAGE_ORDER, type);
  zone.link(first + PAGEBLOCK_PAGES, PAGEBLOCK_ORDER, type, false);
  zone.link(first, PAGEBLOCK_ORDER, type, false);
}
