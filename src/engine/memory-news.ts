/**
 * What a page is told of the machine's memory: a row of numbers for each pageblock in one buffer,
 * and a few words about zones and pools. Written by `memory-survey.ts`.
 */
import type { BlockColumns } from '../model/block-survey.ts';

/** Not of the page allocator: kinds behind the migrate types 0 to 5. */
export const CELL_KERNEL = 6;
export const CELL_FIRMWARE = 7;
/** RAM that boot kept for the bounce pool, or lost at its edge. */
export const CELL_BOOT = 8;
/** Addresses without memory; a hole of any size is one cell. */
export const CELL_HOLE = 9;

/** 16-bit columns behind the two of bytes. */
const WIDE = 7;

/** The buffer's columns, one row a cell, ascending by address. */
export class MemoryColumns implements BlockColumns {
  /** Migrate type of the pageblock, or one of `CELL_*`. */
  readonly kind: Uint8Array;
  readonly largest: Uint8Array;
  readonly free: Uint16Array;
  readonly unmovable: Uint16Array;
  readonly movable: Uint16Array;
  readonly reclaimable: Uint16Array;
  readonly pinned: Uint16Array;
  /** Pages that bounce pools hold, and that coherent pools hold; in use by the columns above. */
  readonly pooled: Uint16Array;
  readonly coherent: Uint16Array;
  readonly buffer: ArrayBuffer;

  /** @throws RangeError when the buffer is not of that many rows. */
  constructor(cells: number, buffer = new ArrayBuffer(MemoryColumns.bytes(cells))) {
    if (buffer.byteLength !== MemoryColumns.bytes(cells)) {
      throw new RangeError(`${buffer.byteLength} bytes are no survey of ${cells} pageblocks`);
    }
    const wide = (column: number) => new Uint16Array(buffer, (1 + column) * 2 * cells, cells);
    this.buffer = buffer;
    this.kind = new Uint8Array(buffer, 0, cells);
    this.largest = new Uint8Array(buffer, cells, cells);
    this.free = wide(0);
    this.unmovable = wide(1);
    this.movable = wide(2);
    this.reclaimable = wide(3);
    this.pinned = wide(4);
    this.pooled = wide(5);
    this.coherent = wide(6);
  }

  /** Bytes of a survey: 16 a cell. */
  static bytes(cells: number): number {
    return cells * 2 * (1 + WIDE);
  }
}

/** Cells in a row whose pageblocks follow each other; a hole stands alone, for many. */
export interface MemoryStretch {
  readonly firstCell: number;
  readonly cells: number;
  /** Physical address / 2 MiB, and pageblocks that the cells stand for. */
  readonly firstBlock: number;
  readonly blocks: number;
}

/** A zone's strip and what the kernel knows of the zone, in pages. */
export interface MemoryZone {
  readonly name: string;
  readonly firstCell: number;
  readonly cells: number;
  readonly managed: number;
  readonly free: number;
  readonly freeCma: number;
  readonly min: number;
  readonly low: number;
  readonly high: number;
  /** Raised marks (`watermark_boost`). */
  readonly boost: number;
  /** Free blocks by order. */
  readonly nrFree: readonly number[];
}

/** A bounce pool's memory. Bytes. */
export interface MemoryPool {
  readonly id: number;
  readonly kind: string;
  readonly base: number;
  readonly bytes: number;
}

/** A block of a coherent pool: where it lies, and a bit for each page that is given out. */
export interface MemoryCoherentBlock {
  readonly pfn: number;
  readonly pages: number;
  readonly free: number;
  /** Which pages are given out, 4 to a hexadecimal digit, the first page the highest bit. */
  readonly taken: string;
}

/** A coherent (atomic) pool. */
export interface MemoryCoherent {
  readonly zone: string;
  readonly bytes: number;
  readonly freeBytes: number;
  /** What it began with, and the least it should have free. */
  readonly initialBytes: number;
  /** The background work is due. */
  readonly refillPending: boolean;
  readonly blocks: readonly MemoryCoherentBlock[];
}

/** A CMA region. Pages. */
export interface MemoryCma {
  readonly zone: string;
  readonly pfn: number;
  readonly pages: number;
  /** Given out by CMA; the rest is free or lent to movable pages. */
  readonly used: number;
}

/** The memory of a machine at a moment, or from one moment to another when it was read in slices. */
export interface MemoryNews {
  readonly fromNs: number;
  readonly toNs: number;
  readonly event: number;
  readonly cells: number;
  readonly stretches: readonly MemoryStretch[];
  readonly zones: readonly MemoryZone[];
  /** At most 512 of them. */
  readonly pools: readonly MemoryPool[];
  readonly coherent: readonly MemoryCoherent[];
  readonly cma: MemoryCma | null;
  /** `MemoryColumns`, to be transferred. */
  readonly buffer: ArrayBuffer;
}
