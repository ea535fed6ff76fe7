/**
 * What zooming in brings: slot numbers and bus addresses below the cells, `list` and the other fields
 * inside them, device names on the bars.
 */
import {
  OWNER_DEVICE_MASK,
  OWNER_FIRST,
  OWNER_LAST,
  POOL,
  type FrameView,
} from '../engine/frame.ts';
import type { SlotDetail } from '../engine/slot-story.ts';
import { LANE_PX } from './block-metrics.ts';
import { unpack } from './colour.ts';
import { addressOf, figure } from './figures.ts';
import type { HeatmapOptions } from './heatmap-options.ts';
import type { Palette } from './palette.ts';
import { lineTop, type PlacedBlock, type Scene } from './scene.ts';
import { write, type TextLine } from './text-layer.ts';
import { FIELDS_CELL_PX, LIST_CELL_PX } from './viewport.ts';

const SLOT_BYTES = 2048;
/** Numbers stand at least so far apart (CSS px), addresses so far. */
const NUMBER_STEP_PX = 44;
const ADDRESS_STEP_PX = 110;
/** Mappings from this width on have their device's name written on them (CSS px). */
const NAME_FROM_PX = 34;

interface Pen {
  readonly ctx: CanvasRenderingContext2D;
  readonly frame: FrameView;
  readonly scene: Scene;
  readonly options: HeatmapOptions;
}

/** A line of slots on the canvas; CSS px. */
interface Line {
  readonly placed: PlacedBlock;
  readonly x: number;
  readonly y: number;
  readonly cellW: number;
  readonly cellH: number;
  /** First slot of the line in the pool, slots of the line, and those in view. */
  readonly slot: number;
  readonly from: number;
  readonly to: number;
}

/** Slots between two numbers: a power of two, so that they fall on the same columns in every row. */
function stepFor(cellW: number, apartPx: number): number {
  return Math.max(1, 2 ** Math.ceil(Math.log2(apartPx / cellW)));
}

function lineOf(placed: PlacedBlock, index: number, scene: Scene): Line {
  const { dpr, viewport, layout } = scene.key;
  const { block } = placed;
  const cellW = block.cellW * viewport.scale;
  const x = placed.shape.xPx / dpr;
  const length = Math.min(block.lineSlots, block.nslots - index * block.lineSlots);
  return {
    placed,
    x,
    y: lineTop(placed, index) / dpr,
    cellW,
    cellH: placed.metrics.cellPx,
    slot: block.firstSlot + index * block.lineSlots,
    from: Math.max(0, Math.floor(-x / cellW)),
    to: Math.min(length, Math.ceil((layout.widthPx - x) / cellW)),
  };
}

function small(line: Line, column: number, y: number, text: string, palette: Palette): TextLine {
  return {
    x: line.x + column * line.cellW,
    y,
    text,
    sizePx: 10,
    colour: palette.css.ink3,
    weight: 400,
    right: false,
  };
}

/** Columns at which an area begins inside the line; areas of whole lines begin with one. */
function areaStarts(line: Line): number[] {
  const { areaNslabs, lineSlots, nareas } = line.placed.block;
  if (nareas === 1 || areaNslabs % lineSlots === 0) return [];
  const starts: number[] = [];
  let slot = Math.ceil(line.slot / areaNslabs) * areaNslabs;
  for (; slot < line.slot + line.to; slot += areaNslabs) starts.push(slot - line.slot);
  return starts;
}

/** Numbers of slots, and in their place the number of an area that begins there. */
function paintNumbers({ ctx, scene }: Pen, line: Line): void {
  const { palette } = scene.key;
  const step = stepFor(line.cellW, NUMBER_STEP_PX);
  const y = line.y + line.cellH + LANE_PX - 2;
  const { areaNslabs } = line.placed.block;
  const starts = areaStarts(line);
  for (const column of starts) {
    const text = `area ${Math.round((line.slot + column) / areaNslabs)}`;
    const label = small(line, column, y, text, palette);
    write(ctx, palette, { ...label, colour: palette.css.ink2, weight: 600 });
  }
  for (let column = Math.ceil(line.from / step) * step; column < line.to; column += step) {
    const isTaken = starts.some((start) => Math.abs(start - column) * line.cellW < NUMBER_STEP_PX);
    if (isTaken) continue;
    write(ctx, palette, small(line, column, y, figure(line.slot + column), palette));
  }
}

function paintAddresses({ ctx, scene, frame }: Pen, line: Line): void {
  const { palette } = scene.key;
  const step = stepFor(line.cellW, ADDRESS_STEP_PX);
  const y = line.y + line.cellH + 2 * LANE_PX - 2;
  const base = frame.pool(line.placed.block.pool, POOL.base);
  for (let column = Math.ceil(line.from / step) * step; column < line.to; column += step) {
    const bus = addressOf(base + (line.slot + column) * SLOT_BYTES);
    write(ctx, palette, { ...small(line, column, y, `bus ${bus}`, palette), mono: true });
  }
}

/** Relative luminance, near enough to choose between two inks. */
function luminance(colour: number): number {
  const { red, green, blue } = unpack(colour);
  return (0.2126 * red ** 2.2 + 0.7152 * green ** 2.2 + 0.0722 * blue ** 2.2) / 255 ** 2.2;
}

/** The ink that is best read on a cell. */
function inkOn(scene: Scene, frame: FrameView, at: number): string {
  const [table] = scene.tables;
  const { palette } = scene.key;
  const byte = (table?.shaded ? frame.shade[at] : frame.owner[at]) ?? 0;
  const ground = luminance(table?.body[byte] ?? 0) + 0.05;
  const contrast = (ink: number) => {
    const own = luminance(ink) + 0.05;
    return Math.max(own, ground) / Math.min(own, ground);
  };
  const { ink, bg } = palette.packed;
  return contrast(ink) >= contrast(bg) ? palette.css.ink : palette.css.bg;
}

/** Whether the mapping at `at` goes on for so many pixels, as far as the line is in view. */
function hasRoom(frame: FrameView, line: Line, column: number, at: number): boolean {
  let cells = 1;
  while (cells * line.cellW < NAME_FROM_PX) {
    const isLast = ((frame.owner[at + cells - 1] ?? 0) & OWNER_LAST) !== 0;
    if (isLast || column + cells >= line.to) return false;
    cells++;
  }
  return true;
}

function paintName(pen: Pen, line: Line, column: number, at: number): void {
  const owner = pen.frame.owner[at] ?? 0;
  const device = (owner & OWNER_DEVICE_MASK) - 1;
  const name = pen.options.deviceNames[device];
  const starts = owner & OWNER_FIRST || column === line.from;
  if (!name || !starts || line.cellH < 12 || !hasRoom(pen.frame, line, column, at)) return;
  const isCut = !(owner & OWNER_FIRST);
  const text: TextLine = {
    x: Math.max(2, line.x + column * line.cellW + 3),
    y: line.y + 11,
    text: isCut ? `‹ ${name}` : name,
    sizePx: 11,
    colour: inkOn(pen.scene, pen.frame, at),
    weight: 600,
    right: false,
  };
  write(pen.ctx, pen.scene.key.palette, text);
}

/** Index of a slot in the detail, or -1. */
function detailIndex(detail: SlotDetail, line: Line, column: number): number {
  if (detail.from.pool !== line.placed.block.poolId) return -1;
  const index = line.slot + column - detail.from.slot;
  return index >= 0 && index < detail.list.length ? index : -1;
}

function originalText(address: number | null | undefined): string {
  return address === null || address === undefined ? 'invalid' : addressOf(address);
}

/** All four fields, in the kernel's spelling. */
function paintFields(pen: Pen, line: Line, column: number, detail: SlotDetail): void {
  const index = detailIndex(detail, line, column);
  if (index < 0) return;
  const { ctx, scene, frame } = pen;
  const { palette } = scene.key;
  const { block } = line.placed;
  const at = block.slotOffset + line.slot + column;
  const colour = inkOn(scene, frame, at);
  const fields = [
    ['list', figure(detail.list[index] ?? 0)],
    ['alloc_size', figure(detail.allocSize[index] ?? 0)],
    ['orig_addr', originalText(detail.origAddr[index])],
    ['pad_slots', figure(detail.padSlots[index] ?? 0)],
  ] as const;
  const left = line.x + column * line.cellW + 4;
  const right = line.x + (column + 1) * line.cellW - 5;
  for (const [row, [name, value]] of fields.entries()) {
    const y = line.y + 25 + row * 12;
    if (y > line.y + line.cellH - 2) return;
    const look = { y, sizePx: 10, colour, weight: 400, mono: true } as const;
    write(ctx, palette, { ...look, x: left, text: name, right: false });
    write(ctx, palette, { ...look, x: right, text: value, right: true });
  }
}

function paintList(pen: Pen, line: Line, column: number, detail: SlotDetail): void {
  const index = detailIndex(detail, line, column);
  const at = line.placed.block.slotOffset + line.slot + column;
  if (index < 0 || (pen.frame.owner[at] ?? 0) !== 0) return;
  const { ctx, scene } = pen;
  const { palette } = scene.key;
  ctx.font = `500 11px ${palette.sans}`;
  ctx.fillStyle = inkOn(scene, pen.frame, at);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'alphabetic';
  const x = line.x + (column + 0.5) * line.cellW;
  ctx.fillText(`${detail.list[index] ?? 0}`, x, line.y + line.cellH / 2 + 4);
}

function paintCells(pen: Pen, line: Line): void {
  const { detail } = pen.options;
  for (let column = line.from; column < line.to; column++) {
    const at = line.placed.block.slotOffset + line.slot + column;
    paintName(pen, line, column, at);
    if (!detail) continue;
    if (line.cellW >= FIELDS_CELL_PX) paintFields(pen, line, column, detail);
    else paintList(pen, line, column, detail);
  }
}

/** Clears the lanes below a line, which text stands in. */
function clearLanes({ ctx, scene }: Pen, line: Line): void {
  const { palette } = scene.key;
  ctx.fillStyle = palette.css.bg;
  const top = line.y + line.placed.shape.cellPx / scene.key.dpr;
  const left = line.x + line.from * line.cellW;
  const lanes = line.placed.metrics.lanes * LANE_PX;
  ctx.fillRect(left, top, (line.to - line.from) * line.cellW + ADDRESS_STEP_PX, lanes);
}

/** Writes the text of lines `from` to `to` of a block, if there is room for any. */
export function paintLinesText(pen: Pen, placed: PlacedBlock, from: number, to: number): void {
  if (placed.metrics.lanes === 0) return;
  for (let index = from; index < to; index++) {
    const line = lineOf(placed, index, pen.scene);
    if (line.from >= line.to) continue;
    clearLanes(pen, line);
    paintNumbers(pen, line);
    if (placed.metrics.lanes === 2) paintAddresses(pen, line);
    if (line.cellW >= LIST_CELL_PX) paintCells(pen, line);
  }
}
