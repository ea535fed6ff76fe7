/** Which cells a memory map has: one for each pageblock with memory, one for each hole. */
import type { MemoryMap } from './memory-map.ts';
import {
  CELL_BOOT,
  CELL_FIRMWARE,
  CELL_HOLE,
  CELL_KERNEL,
  type MemoryStretch,
} from './memory-news.ts';
import { PAGE_BYTES } from '../model/geometry.ts';
import { PAGEBLOCK_ORDER, PAGEBLOCK_PAGES, type PageMap } from '../model/page-map.ts';

const BLOCK_BYTES = PAGEBLOCK_PAGES * PAGE_BYTES;

/** Kinds of the pageblocks that the page allocator does not have, by region. */
const KINDS = { firmware: CELL_FIRMWARE, kernel: CELL_KERNEL, ram: CELL_BOOT, hole: CELL_HOLE };

/** Rows of the cells in ascending order of address. */
export interface MemoryCells {
  readonly count: number;
  readonly stretches: readonly MemoryStretch[];
  /** Pageblock in the page map, or -1 for what the allocator never had. */
  readonly mapBlock: Int32Array;
  /** One of `CELL_*` for those. */
  readonly kind: Uint8Array;
}

/** Lays out the cells of a machine; they stay the same as long as it runs. */
export function memoryCells(memory: MemoryMap, pages: PageMap): MemoryCells {
  const blocks = Math.ceil(memory.end / BLOCK_BYTES);
  const stretches = stretchesOf(memory, blocks);
  const last = stretches.at(-1);
  const count = last === undefined ? 0 : last.firstCell + last.cells;
  const mapBlock = new Int32Array(count).fill(-1);
  const kind = new Uint8Array(count).fill(CELL_HOLE);
  for (const { firstCell, cells, firstBlock } of stretches) {
    for (let at = 0; at < cells; at++) {
      const index = pages.indexOf((firstBlock + at) * PAGEBLOCK_PAGES);
      const cell = firstCell + at;
      // A chunk of two pageblocks may be the allocator's by half.
      const isOurs = index !== -1 && pages.state[index] !== 0;
      mapBlock[cell] = isOurs ? index >>> PAGEBLOCK_ORDER : -1;
      kind[cell] = KINDS[memory.regionAt((firstBlock + at) * BLOCK_BYTES)];
    }
  }
  return { count, stretches, mapBlock, kind };
}

/** RAM and holes in turn. Holes begin and end between pageblocks, or at the end of memory. */
function stretchesOf(memory: MemoryMap, blocks: number): MemoryStretch[] {
  const stretches: MemoryStretch[] = [];
  let firstCell = 0;
  for (let block = 0; block < blocks;) {
    const isHole = memory.regionAt(block * BLOCK_BYTES) === 'hole';
    let end = block + 1;
    while (end < blocks && (memory.regionAt(end * BLOCK_BYTES) === 'hole') === isHole) end++;
    const cells = isHole ? 1 : end - block;
    stretches.push({ firstCell, cells, firstBlock: block, blocks: end - block });
    firstCell += cells;
    block = end;
  }
  return stretches;
}

/** Cell of a pageblock by its physical number, or -1. */
export function cellOfBlock(stretches: readonly MemoryStretch[], block: number): number {
  for (const { firstBlock, blocks, firstCell, cells } of stretches) {
    if (block < firstBlock || block >= firstBlock + blocks) continue;
    return cells === blocks ? firstCell + block - firstBlock : firstCell;
  }
  return -1;
}

/** The physical number of a cell's first pageblock, and how many it stands for. */
export function blocksOfCell(
  stretches: readonly MemoryStretch[],
  cell: number,
): { readonly block: number; readonly blocks: number } {
  for (const { firstBlock, blocks, firstCell, cells } of stretches) {
    if (cell < firstCell || cell >= firstCell + cells) continue;
    if (cells !== blocks) return { block: firstBlock, blocks };
    return { block: firstBlock + cell - firstCell, blocks: 1 };
  }
  throw new RangeError(`there is no cell ${cell}`);
}
