/** What a line of slots looks like at a zoom: height of the cells, wall below, lanes for numbers. */
import type { SlotRef } from '../engine/slot-story.ts';
import type { Block, PoolsLayout } from './layout-types.ts';

/** The block that holds a slot, or null when the pool is not drawn. */
export function blockOf(layout: PoolsLayout, ref: SlotRef): Block | null {
  const found = layout.blocks.find(
    (block) =>
      block.poolId === ref.pool &&
      ref.slot >= block.firstSlot &&
      ref.slot < block.firstSlot + block.nslots,
  );
  return found ?? null;
}

export interface BlockMetrics {
  /** Height of a cell, CSS px. */
  readonly cellPx: number;
  /** Lanes of text below the cells: 0, 1 (slot numbers), 2 (bus addresses too). */
  readonly lanes: 0 | 1 | 2;
}

/** Height of a lane of numbers. */
export const LANE_PX = 12;
/** Line pitch from which there is room for one lane, and for two. */
const ONE_LANE_PX = 22;
const TWO_LANES_PX = 44;

/**
 * The wall below a row, which no buffer crosses: nothing where rows are a pixel, a pixel as drawn on
 * the stage, more where there is room. Rows of 2 px, as on a phone, keep 1.5 of them.
 */
export function wallPx(pitchPx: number): number {
  if (pitchPx < 1.5) return 0;
  if (pitchPx < 2.5) return 0.5;
  if (pitchPx < 10) return 1;
  return pitchPx < ONE_LANE_PX ? 2 : 3;
}

function lanesOf(pitchPx: number, cellW: number): 0 | 1 | 2 {
  if (cellW < 5 || pitchPx < ONE_LANE_PX) return 0;
  return pitchPx < TWO_LANES_PX ? 1 : 2;
}

/** Metrics of rows `pitchPx` apart with cells `cellW` wide, both as seen on the canvas. */
function rowMetrics(pitchPx: number, cellW: number): BlockMetrics {
  const lanes = lanesOf(pitchPx, cellW);
  const cellPx = pitchPx - wallPx(pitchPx) - lanes * LANE_PX;
  return { cellPx, lanes };
}

export function blockMetrics(block: Block, scale: number): BlockMetrics {
  if (block.barPx !== null) return { cellPx: block.barPx * scale, lanes: 0 };
  return rowMetrics(block.pitch * scale, block.cellW * scale);
}
