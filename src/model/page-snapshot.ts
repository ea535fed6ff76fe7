/**
 * A page allocator built from what can be seen of a running one: its free lists.
 *
 * No counterpart in the kernel. Free lists say how many blocks of each order and kind there are,
 * not where; so places are made up: blocks are packed into pageblocks of their kind, as close as
 * they can lie without growing together, and what is left of a pageblock is in use, by movable pages
 * where the pageblock is movable. Larger blocks come first, hence the first pageblocks of a kind are
 * the emptiest. Pageblocks in full use are left out: nothing is taken from them or moved to them.
 * Frame numbers mean nothing.
 */
import type { PageMemory } from './boot-memory.ts';
import { MOVABLE } from './migrate-type.ts';
import {
  CHUNK_PAGES,
  PAGEBLOCK_ORDER,
  PAGEBLOCK_PAGES,
  PageMap,
  TAIL,
  USED,
  USED_MOVABLE,
} from './page-map.ts';
import { Zone, type Watermarks, type ZoneId } from './zone.ts';

/** What is known of a zone. */
export interface ZoneSnapshot {
  readonly id: ZoneId;
  readonly managed: number;
  readonly marks: Watermarks;
  readonly boost: number;
  readonly reservedHighatomic: number;
  /** Free blocks by kind (0 to 5), then by order (0 to 10). */
  readonly lists: readonly (readonly number[])[];
  /** Movable pageblocks that compaction would look into; the others carry its skip hint. */
  readonly scannable: number;
}

/** A free block within a pageblock. */
interface Placed {
  readonly offset: number;
  readonly order: number;
}

/** A pageblock: what it is for and which of its pages are free. */
interface Pageblock {
  readonly type: number;
  readonly free: Placed[];
}

/** Two pageblocks; null is a hole. */
type Chunk = readonly [Pageblock | null, Pageblock | null];

/** Builds an allocator's memory whose free lists, counts and marks are the snapshot's. */
export function restoreMemory(snapshots: readonly ZoneSnapshot[]): PageMemory {
  const chunksOfZone = snapshots.map(chunksOf);
  const zone = chunksOfZone.flatMap((chunks, at) => chunks.map(() => snapshots[at]?.id ?? 0));
  const pages = new PageMap({ chunk: zone.map((_, chunk) => chunk), zone });
  let firstIndex = 0;
  const zones = snapshots.map((snapshot, at) => {
    const chunks = chunksOfZone[at] ?? [];
    const restored = restoreZone(pages, snapshot, chunks, firstIndex);
    firstIndex += chunks.length * CHUNK_PAGES;
    return restored;
  });
  return { pages, zones };
}

function restoreZone(
  pages: PageMap,
  snapshot: ZoneSnapshot,
  chunks: readonly Chunk[],
  firstIndex: number,
): Zone {
  const spanned = chunks.length * CHUNK_PAGES;
  const { id, managed } = snapshot;
  const endIndex = firstIndex + spanned;
  const span = { id, firstIndex, endIndex, startPfn: firstIndex, spanned, present: managed };
  const zone = new Zone(pages, span);
  zone.managed = managed;
  zone.marks = snapshot.marks;
  zone.boost = snapshot.boost;
  zone.reservedHighatomic = snapshot.reservedHighatomic;
  let scannable = snapshot.scannable;
  for (const [at, pair] of chunks.entries()) {
    for (const [half, pageblock] of pair.entries()) {
      const index = firstIndex + at * CHUNK_PAGES + half * PAGEBLOCK_PAGES;
      pages.skip[index >>> PAGEBLOCK_ORDER] = 1;
      if (pageblock === null) continue;
      fill(zone, index, pageblock);
      const isPartly =
        pageblock.type === MOVABLE && (pageblock.free[0]?.order ?? 0) < PAGEBLOCK_ORDER;
      if (isPartly && scannable-- > 0) pages.skip[index >>> PAGEBLOCK_ORDER] = 0;
    }
  }
  return zone;
}

/** Marks a pageblock's pages as in use and links its free blocks. */
function fill(zone: Zone, index: number, { type, free }: Pageblock): void {
  const { state, blockType } = zone.pages;
  blockType[index >>> PAGEBLOCK_ORDER] = type;
  state.fill(type === MOVABLE ? USED_MOVABLE : USED, index, index + PAGEBLOCK_PAGES);
  for (const { offset, order } of free) {
    const pages = 1 << order;
    state.fill(TAIL, index + offset, index + offset + pages);
    // A block of two pageblocks: the other one is laid out as its second half.
    if (order > PAGEBLOCK_ORDER) blockType[(index >>> PAGEBLOCK_ORDER) + 1] = type;
    zone.link(index + offset, order, type, true);
    zone.account(pages, type);
  }
}

/** A zone's pageblocks, two by two. */
function chunksOf({ lists }: ZoneSnapshot): Chunk[] {
  const chunks: Chunk[] = [];
  for (const [type, counts] of lists.entries()) {
    const partly = packed(type, counts);
    for (let at = 0; at < partly.length; at += 2) {
      chunks.push([partly[at] ?? null, partly[at + 1] ?? null]);
    }
    for (const order of [PAGEBLOCK_ORDER, PAGEBLOCK_ORDER + 1]) {
      // A hole beside it: a free pageblock whose neighbour is free would have grown larger.
      const whole: Chunk = [{ type, free: [{ offset: 0, order }] }, null];
      for (let block = 0; block < (counts[order] ?? 0); block++) chunks.push(whole);
    }
  }
  return chunks;
}

/**
 * Packs blocks smaller than a pageblock. Next to each free block lies a region of the same size
 * that smaller blocks may share, but which is never free as a whole, or the two would grow
 * together.
 */
function packed(type: number, counts: readonly number[]): Pageblock[] {
  const blocks: Pageblock[] = [];
  /** Regions with room, by order: pages counted from the first pageblock. */
  const regions: number[][] = Array.from({ length: PAGEBLOCK_ORDER + 1 }, () => []);
  for (let order = PAGEBLOCK_ORDER - 1; order >= 0; order--) {
    for (let block = 0; block < (counts[order] ?? 0); block++) {
      let size = order + 1;
      while (size < PAGEBLOCK_ORDER && regions[size]?.length === 0) size++;
      let at = regions[size]?.pop();
      if (at === undefined) {
        at = blocks.length * PAGEBLOCK_PAGES;
        blocks.push({ type, free: [] });
      }
      for (let half = size - 1; half >= order; half--) regions[half]?.push(at + (1 << half));
      const offset = at % PAGEBLOCK_PAGES;
      blocks[Math.floor(at / PAGEBLOCK_PAGES)]?.free.push({ offset, order });
    }
  }
  return blocks;
}
