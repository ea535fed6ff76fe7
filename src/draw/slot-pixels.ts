/**
 * The hot path: a line of slots becomes pixels by table look-up and 32-bit writes.
 *
 * `fillSlotPixels` writes one line of cells (or a part of it) into a pixel array: nothing is
 * allocated, nothing is called per slot. A cell's first pixel row is written from the tables and
 * copied downwards; slots with a pattern are gone over afterwards. All lengths are device pixels.
 */
import { OWNER_DEVICE_MASK, OWNER_LAST } from '../engine/frame.ts';
import { fillSpecials } from './slot-patterns.ts';
import type { SlotTable } from './slot-table.ts';

/** An `ImageData`, read as one word a pixel. */
export interface PixelTarget {
  readonly pixels: Uint32Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** What all lines of a block have in common. */
export interface LineShape {
  /** Left edge of slot 0; may be negative. */
  readonly xPx: number;
  readonly cellPx: number;
  /** Left edge of each slot, counted from `xPx`, and behind the last its right edge. */
  readonly edges: Int32Array;
  /** Slots that share a pixel, 0 when a slot has one of its own. Then `edges` counts slots: first
   * slot of each pixel, and behind the last pixel the slots of the line. */
  readonly perPixel: number;
  /** Pixels a mapping's end takes, and pixels between free cells. */
  readonly edgePx: number;
  readonly wallPx: number;
  /** Device pixels a CSS pixel, whole: what patterns are made of. */
  readonly unitPx: number;
}

/** One line, or the slots `from` to `to` of it. */
export interface SlotLine {
  /** Top of the cells; may be negative. */
  yPx: number;
  /** Where the line's slot 0 is in the bytes. */
  offset: number;
  from: number;
  to: number;
  /** Slots the line has: a pool's last one may be short. */
  length: number;
}

/** A frame's bytes: what decides the colour, and who owns the slot. The same ones when unshaded. */
export interface SlotBytes {
  readonly owner: Uint8Array;
  readonly source: Uint8Array;
  /** `source`, two slots a word. */
  readonly pairs: Uint16Array;
}

/** The bytes of a frame for tables that are shaded or not. */
export function slotBytes(owner: Uint8Array, shade: Uint8Array, shaded: boolean): SlotBytes {
  const source = shaded ? shade : owner;
  // A word view needs an even start; the frame's sections have one.
  const pairs = new Uint16Array(source.buffer, source.byteOffset, source.length >> 1);
  return { owner, source, pairs };
}

/** Copies the first pixel row of a line of cells down to the others. */
function copyDown(target: PixelTarget, left: number, right: number, rows: Rows): void {
  const { pixels, widthPx } = target;
  const from = rows.top * widthPx + left;
  const to = rows.top * widthPx + right;
  for (let y = rows.top + 1; y < rows.bottom; y++) pixels.copyWithin(y * widthPx + left, from, to);
}

interface Rows {
  readonly top: number;
  readonly bottom: number;
}

/** Cells of three pixels, the stage's own size: unrolled. */
function fillThrees(
  target: PixelTarget,
  at: number,
  line: SlotLine,
  table: SlotTable,
  owner: Uint8Array,
): number {
  const { pixels } = target;
  const { body, edge, special } = table;
  const end = line.offset + line.to;
  let flags = 0;
  let pixel = at + line.from * 3;
  for (let slot = line.offset + line.from; slot < end; slot++) {
    const byte = owner[slot] as number;
    const colour = body[byte] as number;
    pixels[pixel] = colour;
    pixels[pixel + 1] = colour;
    pixels[pixel + 2] = edge[byte] as number;
    flags |= special[byte] as number;
    pixel += 3;
  }
  return flags;
}

/** Cells of any width from a pixel up, clipped to the target. */
function fillCells(
  target: PixelTarget,
  at: number,
  shape: LineShape,
  line: SlotLine,
  input: { bytes: SlotBytes; table: SlotTable },
): number {
  const { pixels, widthPx } = target;
  const { bytes, table } = input;
  const { body, edge, special } = table;
  const { edges, edgePx, wallPx, xPx } = shape;
  const least = -xPx;
  const most = widthPx - xPx;
  let flags = 0;
  for (let slot = line.from; slot < line.to; slot++) {
    const owner = bytes.owner[line.offset + slot] as number;
    const byte = bytes.source[line.offset + slot] as number;
    const left = Math.max(least, edges[slot] as number);
    const right = Math.min(most, edges[slot + 1] as number);
    const isFree = (owner & OWNER_DEVICE_MASK) === 0;
    const ends = isFree ? wallPx : owner & OWNER_LAST ? edgePx : 0;
    const middle = Math.max(left, Math.min(right, (edges[slot + 1] as number) - ends));
    const colour = body[byte] as number;
    for (let pixel = at + left; pixel < at + middle; pixel++) pixels[pixel] = colour;
    const ending = isFree ? table.ground : (edge[byte] as number);
    for (let pixel = at + middle; pixel < at + right; pixel++) pixels[pixel] = ending;
    flags |= special[owner] as number;
  }
  return flags;
}

/** Two slots a pixel, in step with the words of the source. */
function fillPairs(
  target: PixelTarget,
  at: number,
  line: SlotLine,
  table: SlotTable,
  words: Uint16Array,
): void {
  const { pixels } = target;
  const { pairs } = table;
  const mask = table.mask & 0xffff;
  const first = line.from >> 1;
  const last = (line.to + 1) >> 1;
  const word = line.offset >> 1;
  for (let pixel = first; pixel < last; pixel++) {
    pixels[at + pixel] = pairs[(words[word + pixel] as number) & mask] as number;
  }
}

/** Any number of slots a pixel: the mean of those that begin in it. */
function fillMeans(
  target: PixelTarget,
  at: number,
  shape: LineShape,
  line: SlotLine,
  input: { bytes: SlotBytes; table: SlotTable; span: readonly [number, number] },
): void {
  const { mean } = input.table;
  const { source } = input.bytes;
  const [first, last] = input.span;
  for (let pixel = first; pixel < last; pixel++) {
    const from = shape.edges[pixel] as number;
    const to = Math.min(line.length, shape.edges[pixel + 1] as number);
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let slot = from; slot < to; slot++) {
      const colour = mean[source[line.offset + slot] as number] as number;
      red += colour & 255;
      green += (colour >>> 8) & 255;
      blue += (colour >>> 16) & 255;
    }
    const slots = Math.max(1, to - from);
    target.pixels[at + pixel] =
      (0xff000000 | ((blue / slots) << 16) | ((green / slots) << 8) | (red / slots)) >>> 0;
  }
}

/** The pixels that show the slots `from` to `to`, cut to the target. */
function pixelSpan(target: PixelTarget, shape: LineShape, line: SlotLine): [number, number] {
  const { edges, xPx } = shape;
  let first = 0;
  let last = edges.length - 1;
  while (first < last && (edges[first + 1] as number) <= line.from) first++;
  while (last > first && (edges[last - 1] as number) >= line.to) last--;
  return [Math.max(first, -xPx), Math.min(last, target.widthPx - xPx)];
}

function fillNarrow(
  target: PixelTarget,
  shape: LineShape,
  line: SlotLine,
  input: { bytes: SlotBytes; table: SlotTable },
  rows: Rows,
): void {
  const at = rows.top * target.widthPx + shape.xPx;
  const isWhole = shape.xPx >= 0 && shape.xPx + shape.edges.length - 1 <= target.widthPx;
  const isPaired = shape.perPixel === 2 && line.offset % 2 === 0 && line.to % 2 === 0;
  let span: [number, number];
  if (isPaired && isWhole) {
    fillPairs(target, at, line, input.table, input.bytes.pairs);
    span = [line.from >> 1, line.to >> 1];
  } else {
    span = pixelSpan(target, shape, line);
    fillMeans(target, at, shape, line, { ...input, span });
  }
  if (span[0] < span[1]) copyDown(target, shape.xPx + span[0], shape.xPx + span[1], rows);
}

/** Slots of a line that are at least partly on the target. */
function clip(target: PixelTarget, shape: LineShape, line: SlotLine): SlotLine {
  const { edges, xPx } = shape;
  let { from, to } = line;
  while (from < to && xPx + (edges[from + 1] as number) <= 0) from++;
  while (to > from && xPx + (edges[to - 1] as number) >= target.widthPx) to--;
  return { ...line, from, to };
}

function fillWide(
  target: PixelTarget,
  shape: LineShape,
  line: SlotLine,
  input: { bytes: SlotBytes; table: SlotTable },
  rows: Rows,
): void {
  const { edges, xPx } = shape;
  const isWhole = xPx >= 0 && xPx + (edges[edges.length - 1] as number) <= target.widthPx;
  const seen = isWhole ? line : clip(target, shape, line);
  if (seen.from >= seen.to) return;
  const at = rows.top * target.widthPx + xPx;
  const isThrees =
    isWhole &&
    edges[1] === 3 &&
    edges[edges.length - 1] === 3 * (edges.length - 1) &&
    !input.table.shaded;
  const flags =
    isThrees && shape.edgePx === 1 && shape.wallPx === 0
      ? fillThrees(target, at, seen, input.table, input.bytes.owner)
      : fillCells(target, at, shape, seen, input);
  const left = Math.max(0, xPx + (edges[seen.from] as number));
  const right = Math.min(target.widthPx, xPx + (edges[seen.to] as number));
  copyDown(target, left, right, rows);
  if (flags !== 0) fillSpecials(target, shape, seen, input, rows);
}

/** See the head of this file. What lies outside the target is left out. */
export function fillSlotPixels(
  target: PixelTarget,
  shape: LineShape,
  line: SlotLine,
  bytes: SlotBytes,
  table: SlotTable,
): void {
  const top = Math.max(0, line.yPx);
  const bottom = Math.min(target.heightPx, line.yPx + shape.cellPx);
  if (top >= bottom || line.from >= line.to) return;
  const fill = shape.perPixel > 0 ? fillNarrow : fillWide;
  fill(target, shape, line, { bytes, table }, { top, bottom });
}
