/** Which slot is under a point, where a slot is, and which one an arrow key goes to. */
import type { SlotRef } from '../engine/slot-story.ts';
import { blockMetrics, blockOf } from './block-metrics.ts';
import type { Block, Box, PoolsLayout } from './layout-types.ts';
import { toScreen, toWorld, type Viewport } from './viewport.ts';

function slotInBlock(block: Block, worldX: number, worldY: number): number | null {
  const line = Math.floor((worldY - block.y) / block.pitch);
  const column = Math.floor((worldX - block.x) / block.cellW);
  if (line < 0 || line >= block.lines || column < 0 || column >= block.lineSlots) return null;
  const slot = line * block.lineSlots + column;
  return slot < block.nslots ? block.firstSlot + slot : null;
}

/** The slot under a canvas point; the wall below a row belongs to the row. Null beside the pools. */
export function slotAt(
  layout: PoolsLayout,
  viewport: Viewport,
  screenX: number,
  screenY: number,
): SlotRef | null {
  const { x, y } = toWorld(viewport, screenX, screenY);
  for (const block of layout.blocks) {
    const slot = slotInBlock(block, x, y);
    if (slot !== null) return { pool: block.poolId, slot };
  }
  return null;
}

/** Where a slot's cell is on the canvas, possibly outside of it; null when it is not drawn. */
export function slotBox(layout: PoolsLayout, viewport: Viewport, ref: SlotRef): Box | null {
  const block = blockOf(layout, ref);
  if (!block) return null;
  const at = ref.slot - block.firstSlot;
  const worldX = block.x + (at % block.lineSlots) * block.cellW;
  const worldY = block.y + Math.floor(at / block.lineSlots) * block.pitch;
  const { x, y } = toScreen(viewport, worldX, worldY);
  const widthPx = block.cellW * viewport.scale;
  return { x, y, widthPx, heightPx: blockMetrics(block, viewport.scale).cellPx };
}

/** Area and row of a slot, as the page names them: row and column are counted in the area. */
export interface SlotPlace {
  readonly area: number;
  readonly row: number;
  readonly column: number;
}

/** Null when the pool is not drawn. Rows are segments of the pool, so an odd area may begin mid-row. */
export function placeOf(layout: PoolsLayout, ref: SlotRef): SlotPlace | null {
  const block = blockOf(layout, ref);
  if (!block) return null;
  const area = Math.floor(ref.slot / block.areaNslabs);
  const firstRow = Math.floor((area * block.areaNslabs) / 128);
  return { area, row: Math.floor(ref.slot / 128) - firstRow, column: ref.slot % 128 };
}

/** Where keyboard walking starts: slot 0 of the default pool, else of whatever is drawn first. */
export function firstSlot(layout: PoolsLayout): SlotRef | null {
  const block = layout.blocks.find(({ kind }) => kind === 'default') ?? layout.blocks[0];
  return block ? { pool: block.poolId, slot: block.firstSlot } : null;
}

export type Walk = 'left' | 'right' | 'up' | 'down' | 'row-start' | 'row-end';

/** The slot of `block` in `line`, as near to `column` as the line is long. */
function slotOnLine(block: Block, line: number, column: number): SlotRef {
  const last = Math.min((line + 1) * block.lineSlots, block.nslots) - 1;
  const slot = Math.min(line * block.lineSlots + column, last);
  return { pool: block.poolId, slot: block.firstSlot + slot };
}

/** One slot on, in drawn order. */
function sideways(layout: PoolsLayout, block: Block, at: number, step: 1 | -1): SlotRef | null {
  const next = at + step;
  if (next >= 0 && next < block.nslots) return { pool: block.poolId, slot: block.firstSlot + next };
  const beside = layout.blocks[layout.blocks.indexOf(block) + step];
  if (!beside) return null;
  return step > 0 ? slotOnLine(beside, 0, 0) : slotOnLine(beside, beside.lines - 1, Infinity);
}

/** The same column a line on. */
function upright(layout: PoolsLayout, block: Block, at: number, step: 1 | -1): SlotRef | null {
  const line = Math.floor(at / block.lineSlots) + step;
  const column = at % block.lineSlots;
  if (line >= 0 && line < block.lines) return slotOnLine(block, line, column);
  const beside = layout.blocks[layout.blocks.indexOf(block) + step];
  return beside ? slotOnLine(beside, step > 0 ? 0 : beside.lines - 1, column) : null;
}

/**
 * The slot an arrow key leads to, in drawn order: left and right by slot, up and down by row, on
 * from block to block. At the ends it stays where it is.
 */
export function nextSlot(layout: PoolsLayout, ref: SlotRef, walk: Walk): SlotRef {
  const block = blockOf(layout, ref);
  if (!block) return firstSlot(layout) ?? ref;
  const at = ref.slot - block.firstSlot;
  const line = Math.floor(at / block.lineSlots);
  const steps: Record<Walk, () => SlotRef | null> = {
    left: () => sideways(layout, block, at, -1),
    right: () => sideways(layout, block, at, 1),
    up: () => upright(layout, block, at, -1),
    down: () => upright(layout, block, at, 1),
    'row-start': () => slotOnLine(block, line, 0),
    'row-end': () => slotOnLine(block, line, block.lineSlots - 1),
  };
  return steps[walk]() ?? ref;
}
