/**
 * What every page of the machine is, in typed arrays: five bytes a page and no object.
 *
 * Stands in for struct page and the pageblock bitmap of Linux 6.12 (mm/page_alloc.c,
 * include/linux/pageblock-flags.h). It differs in how free blocks are linked: two buddies of one
 * page are never both free, so each pair of pages shares one pair of links.
 *
 * Pages are numbered without gaps (`index`), chunk by chunk: a chunk is a naturally aligned 4 MiB
 * (the largest block) of which some page is present. Holes between chunks cost nothing, and a
 * buddy's index is its page frame number's, since a chunk is aligned in both.
 */
import { MAX_PAGE_ORDER } from './geometry.ts';
import type { Keeper } from './keeper.ts';
import { MOVABLE } from './migrate-type.ts';

/** Pages of the largest block, and of a chunk. */
export const CHUNK_PAGES = 1024;
/** `pageblock_order`: a pageblock is 2 MiB. */
export const PAGEBLOCK_ORDER = 9;
/** `pageblock_nr_pages`. */
export const PAGEBLOCK_PAGES = 512;

/** No page here, or one the allocator never had. */
export const ABSENT = 0x00;
/** Inside a block whose first page says what it is. */
export const TAIL = 0x0f;
/** First page of a free block; or'ed with the order, as all below. */
export const FREE = 0x10;
/** First page of a block in use; what kind it was asked for follows as `type << 4`. */
export const USED = 0x20;
export const USED_MOVABLE = 0x30;
/** A movable page that somebody holds: it cannot be migrated until it is let go. */
export const PINNED = 0x50;
/** Taken off the free lists by compaction or CMA, and not yet used. */
export const HELD = 0x60;

/** The part of a state that says what a block is, and the part that says its order. */
export const USE_MASK = 0xf0;
export const ORDER_MASK = 0x0f;

/** Which chunk lies where. Parallel arrays in ascending order. */
export interface ChunkList {
  /** Chunk number: page frame number / 1024. */
  readonly chunk: readonly number[];
  /** Zone of the chunk's pages: 0 DMA, 1 DMA32, 2 Normal. */
  readonly zone: readonly number[];
}

/** The page map of a machine. Written by the files of the page allocator only. */
export class PageMap {
  /** Pages the map has room for, holes inside chunks included. */
  readonly length: number;
  /** What each page is: one of the states above. */
  readonly state: Uint8Array;
  /** Neighbours of a free block in its list, by the number of its first page's pair; -1 at the ends. */
  readonly next: Int32Array;
  readonly prev: Int32Array;
  /** What each pageblock is meant for. */
  readonly blockType: Uint8Array;
  /** 1 where compaction found nothing to move last time (`PB_migrate_skip`). */
  readonly skip: Uint8Array;
  /** Zone of each chunk. */
  readonly zoneOfChunk: Uint8Array;
  /** Counts what may have written to the arrays; no part of the state. */
  writes = 0;
  readonly #chunkAt: Int32Array;
  readonly #placeOf: Int32Array;

  /** A map of absent pages; every pageblock movable, as boot leaves them. */
  constructor({ chunk, zone }: ChunkList) {
    this.length = chunk.length * CHUNK_PAGES;
    this.state = new Uint8Array(this.length);
    this.next = new Int32Array(this.length / 2);
    this.prev = new Int32Array(this.length / 2);
    this.blockType = new Uint8Array(this.length / PAGEBLOCK_PAGES).fill(MOVABLE);
    this.skip = new Uint8Array(this.length / PAGEBLOCK_PAGES);
    this.zoneOfChunk = Uint8Array.from(zone);
    this.#chunkAt = Int32Array.from(chunk);
    this.#placeOf = new Int32Array((chunk.at(-1) ?? -1) + 1).fill(-1);
    for (const [place, number] of chunk.entries()) this.#placeOf[number] = place;
  }

  /** A map of its own in the same state. */
  copy(): PageMap {
    const copy = new PageMap({ chunk: [...this.#chunkAt], zone: [...this.zoneOfChunk] });
    copy.state.set(this.state);
    copy.next.set(this.next);
    copy.prev.set(this.prev);
    copy.blockType.set(this.blockType);
    copy.skip.set(this.skip);
    return copy;
  }

  keep(k: Keeper): void {
    k.array(this.state, this.writes);
    k.array(this.next, this.writes);
    k.array(this.prev, this.writes);
    k.array(this.blockType, this.writes);
    k.array(this.skip, this.writes);
  }

  /** Index of the page at frame `pfn`, or -1 when the map has no such page. */
  indexOf(pfn: number): number {
    const place = this.#placeOf[Math.floor(pfn / CHUNK_PAGES)] ?? -1;
    return place === -1 ? -1 : place * CHUNK_PAGES + (pfn % CHUNK_PAGES);
  }

  /** Frame number of the page at `index`. */
  pfnOf(index: number): number {
    return (this.#chunkAt[index >>> MAX_PAGE_ORDER] as number) * CHUNK_PAGES + (index & 1023);
  }

  /** Bytes of all arrays that grow with memory. */
  get bytes(): number {
    const { state, next, prev, blockType, skip, zoneOfChunk } = this;
    const arrays = [state, next, prev, blockType, skip, zoneOfChunk];
    const places = this.#chunkAt.byteLength + this.#placeOf.byteLength;
    return arrays.reduce((sum, array) => sum + array.byteLength, places);
  }
}
