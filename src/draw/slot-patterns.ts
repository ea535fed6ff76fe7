/**
 * Patterns inside cells, so that nothing rests on hue alone: padding, the lid of throttled slots,
 * notches of a hue used again, arrows of the direction. Written over cells that are filled already.
 */
import { OWNER_LAST } from '../engine/frame.ts';
import type { LineShape, PixelTarget, SlotBytes, SlotLine } from './slot-pixels.ts';
import { SPECIAL, type SlotTable } from './slot-table.ts';

/** From this width on (CSS px) padding is hatched; a narrower cell has a checker of pixels. */
const HATCH_CELL_PX = 8;
/** The hatch: lines of 1.5 px, 5 px apart, at 45 degrees. */
const HATCH_STEP_PX = 5;
const HATCH_LINE_PX = 1.5;
/** A notch is 2 px wide every 8 px. */
const NOTCH_STEP_PX = 8;
const NOTCH_PX = 2;

/** What a pattern is asked about: a pixel counted from the cell, the line, and the block's row. */
interface Cell {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Left edge counted from the line's slot 0. */
  readonly left: number;
  readonly unitPx: number;
  /** Shade byte: the direction in that mode. */
  readonly byte: number;
}

/** Whether padding shows its hue at a pixel; else `free` is seen. */
function isHatched(cell: Cell, x: number, y: number): boolean {
  const { unitPx } = cell;
  if (cell.widthPx < HATCH_CELL_PX * unitPx) {
    return (Math.floor(x / unitPx) + Math.floor(y / unitPx)) % 2 === 0;
  }
  return (cell.left + x + y) % (HATCH_STEP_PX * unitPx) < HATCH_LINE_PX * unitPx;
}

/** Height of a lid or a notch: a third of the cell, at least a pixel. */
function thirdOf(heightPx: number): number {
  return Math.max(1, Math.round(heightPx / 3));
}

function isNotched(cell: Cell, flags: number, x: number, y: number): boolean {
  if ((cell.left + x) % (NOTCH_STEP_PX * cell.unitPx) >= NOTCH_PX * cell.unitPx) return false;
  const third = thirdOf(cell.heightPx);
  if (y >= cell.heightPx - third) return true;
  return (flags & SPECIAL.doubleNotch) !== 0 && y < third;
}

/**
 * Bytes of the direction mode: to the device is cut above, from the device below, memory that was
 * allocated in the middle.
 */
const BOTH_WAYS = 1;
const TO_DEVICE = 2;
const ALLOCATED = 4;

function isArrow(cell: Cell, x: number, y: number): boolean {
  if (x >= Math.max(cell.unitPx, Math.floor(cell.widthPx / 3))) return false;
  const third = thirdOf(cell.heightPx);
  const above = y < third;
  const below = y >= cell.heightPx - third;
  if (cell.byte === BOTH_WAYS) return above || below;
  if (cell.byte === ALLOCATED) return !above && !below;
  return cell.byte === TO_DEVICE ? above : below;
}

/** The colour a pixel takes instead of the cell's own, or -1. */
function patternAt(cell: Cell, flags: number, table: SlotTable, x: number, y: number): number {
  if (flags & SPECIAL.throttled && y < thirdOf(cell.heightPx)) return table.lid;
  if (flags & SPECIAL.padding && !isHatched(cell, x, y)) return table.free;
  if (flags & SPECIAL.notch && isNotched(cell, flags, x, y)) return table.free;
  if (flags & SPECIAL.arrow && isArrow(cell, x, y)) return table.free;
  return -1;
}

interface Rows {
  readonly top: number;
  readonly bottom: number;
}

/** Goes over the slots of a line that have a pattern. */
export function fillSpecials(
  target: PixelTarget,
  shape: LineShape,
  line: SlotLine,
  input: { bytes: SlotBytes; table: SlotTable },
  rows: Rows,
): void {
  const { bytes, table } = input;
  for (let slot = line.from; slot < line.to; slot++) {
    const owner = bytes.owner[line.offset + slot] ?? 0;
    const flags = table.special[owner] ?? 0;
    if (flags === 0) continue;
    const left = shape.edges[slot] ?? 0;
    const right = (shape.edges[slot + 1] ?? left) - (owner & OWNER_LAST ? shape.edgePx : 0);
    const byte = bytes.source[line.offset + slot] ?? 0;
    const cell = {
      widthPx: right - left,
      heightPx: shape.cellPx,
      left,
      unitPx: shape.unitPx,
      byte,
    };
    paintCell(target, cell, flags, table, { x: shape.xPx + left, y: line.yPx, ...rows });
  }
}

function paintCell(
  target: PixelTarget,
  cell: Cell,
  flags: number,
  table: SlotTable,
  at: { x: number; y: number; top: number; bottom: number },
): void {
  const { pixels, widthPx } = target;
  const from = Math.max(0, -at.x);
  const to = Math.min(cell.widthPx, widthPx - at.x);
  for (let y = at.top; y < at.bottom; y++) {
    for (let x = from; x < to; x++) {
      const colour = patternAt(cell, flags, table, x, y - at.y);
      if (colour >= 0) pixels[y * widthPx + at.x + x] = colour;
    }
  }
}
