/**
 * The memory map: one cell for each pageblock of 2 MiB, a strip for each zone.
 *
 * A function of its arguments: the same news in the same layout and palette are the same picture.
 * Cells are written as pixels; only letters, labels and frames are drawn.
 */
import { cssOf, unpack } from './colour.ts';
import {
  isPatterned,
  LARGEST,
  CELL_WORDS,
  mapColours,
  meanColour,
  plainColour,
  type MapColours,
} from './memory-colours.ts';
import { mapCellBox, type MapLayout } from './memory-layout.ts';
import type { Palette } from './palette.ts';
import { CELL_HOLE, type MemoryColumns } from '../engine/memory-news.ts';
import { PAGEBLOCK_PAGES } from '../model/page-map.ts';

/** What is painted. */
export interface MapPicture {
  readonly layout: MapLayout;
  readonly columns: MemoryColumns;
  readonly palette: Palette;
  /** Words above each strip. */
  readonly labels: readonly string[];
  readonly dpr: number;
  readonly fontPx: number;
  /** Cells where growing would find its memory. */
  readonly targets: readonly number[];
  /** The cell pointed at, and the one whose pages are shown; -1: none. */
  readonly pointed: number;
  readonly opened: number;
}

/** From this size on (CSS px) a cell has its pattern, and its letter. */
const PATTERN_PX = 5;
const LETTER_PX = 13;
/** With the largest free order beside it. */
const ORDER_PX = 24;
/** A free block of this order or more is what the growth worker takes: 1 MiB. */
export const WORTH_ORDER = 8;

interface Target {
  readonly pixels: Uint32Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** A drawn cell in device px. */
interface Place {
  readonly left: number;
  readonly top: number;
  readonly size: number;
  /** Device px of a CSS px. */
  readonly unit: number;
}

/** Paints the whole map; the canvas is `layout.widthPx` by `layout.heightPx`, times `dpr`. */
export function paintMemoryMap(ctx: CanvasRenderingContext2D, picture: MapPicture): void {
  const { layout, dpr, palette } = picture;
  const width = Math.round(layout.widthPx * dpr);
  const height = Math.round(layout.heightPx * dpr);
  if (width === 0 || height === 0) return;
  const image = ctx.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const colours = mapColours(palette);
  pixels.fill(colours.ground);
  paintCells({ pixels, widthPx: width, heightPx: height }, picture, colours);
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.putImageData(image, 0, 0);
  ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
  paintWords(ctx, picture, colours);
  for (const cell of picture.targets) frame(ctx, layout, cell, palette.css.accent, 2);
  if (picture.opened >= 0) frame(ctx, layout, picture.opened, palette.css.ink, 2);
  // The accent is where growing would go; the map's own outline says that the keyboard is here.
  if (picture.pointed >= 0) frame(ctx, layout, picture.pointed, palette.css.ink, 2);
}

function paintCells(
  target: Target,
  { layout, columns, dpr }: MapPicture,
  colours: MapColours,
): void {
  const { pitchPx, gapPx, perCell } = layout;
  const unit = Math.max(1, Math.round(dpr));
  const size = Math.max(1, Math.round((pitchPx - gapPx) * dpr));
  for (const { topPx, firstCell, cells } of layout.strips) {
    for (let at = 0; at < cells; at += perCell) {
      const drawn = at / perCell;
      const left = Math.round((drawn % layout.columns) * pitchPx * dpr);
      const top = Math.round((topPx + Math.floor(drawn / layout.columns) * pitchPx) * dpr);
      const place = { left, top, size, unit };
      const first = firstCell + at;
      if (perCell > 1) {
        fillMany(target, place, { columns, colours, first, count: Math.min(perCell, cells - at) });
      } else if (pitchPx - gapPx < PATTERN_PX) {
        fillPlain(target, place, plainColour(columns, first, colours));
      } else fillCell(target, place, columns, first, colours);
    }
  }
}

function fillPlain({ pixels, widthPx }: Target, { left, top, size }: Place, colour: number): void {
  for (let y = top; y < top + size; y++) {
    pixels.fill(colour, y * widthPx + left, y * widthPx + left + size);
  }
}

interface Many {
  readonly columns: MemoryColumns;
  readonly colours: MapColours;
  readonly first: number;
  readonly count: number;
}

/** The mean of many, and a tick where any of them has a block that growing could take. */
function fillMany(target: Target, place: Place, { columns, colours, first, count }: Many): void {
  fillPlain(target, place, meanColour(columns, first, count, colours));
  const largest = columns.largest.subarray(first, first + count);
  if (!largest.some((order) => order > WORTH_ORDER)) return;
  const { left, top, size, unit } = place;
  fillPlain(target, { left, top: top + size - unit, size: unit, unit }, colours.pool);
}

/** Pattern, what pools hold of it from below, what coherent pools hold from above. */
function fillCell(
  { pixels, widthPx }: Target,
  { left, top, size, unit }: Place,
  columns: MemoryColumns,
  cell: number,
  colours: MapColours,
): void {
  const kind = columns.kind[cell] as number;
  const look = kind * LARGEST + (columns.largest[cell] as number);
  const fill = colours.fill[look] as number;
  const pattern = colours.pattern[look] as number;
  const pooled = shareOf(columns.pooled[cell] as number, size);
  const coherent = shareOf(columns.coherent[cell] as number, size);
  for (let y = 0; y < size; y++) {
    const row = (top + y) * widthPx + left;
    for (let x = 0; x < size; x++) {
      let colour = fill;
      if (y >= size - pooled) colour = colours.pool;
      else if (y < coherent) colour = (x + y) % (2 * unit) < unit ? colours.coherent : fill;
      else if (kind === CELL_HOLE) colour = isEdge(x, y, size, unit) ? colours.border : fill;
      else if (isPatterned(kind, Math.floor(x / unit), Math.floor(y / unit))) colour = pattern;
      pixels[row + x] = colour;
    }
  }
}

function isEdge(x: number, y: number, size: number, unit: number): boolean {
  return x < unit || y < unit || x >= size - unit || y >= size - unit;
}

/** Rows for so many pages of a pageblock: one at least for any. */
function shareOf(pages: number, size: number): number {
  return pages === 0 ? 0 : Math.max(1, Math.round((pages / PAGEBLOCK_PAGES) * size));
}

function paintWords(ctx: CanvasRenderingContext2D, picture: MapPicture, colours: MapColours): void {
  const { layout, palette, labels, fontPx } = picture;
  ctx.textBaseline = 'alphabetic';
  ctx.textAlign = 'left';
  ctx.font = `500 ${fontPx}px ${palette.sans}`;
  ctx.fillStyle = palette.css.ink2;
  for (const [row, strip] of layout.strips.entries()) {
    ctx.fillText(labels[row] ?? strip.name, 0, strip.topPx - 4);
  }
  const side = layout.pitchPx - layout.gapPx;
  if (side < LETTER_PX || layout.perCell > 1) return;
  ctx.font = `600 ${Math.min(11, side - 4)}px ${palette.sans}`;
  for (const { firstCell, cells } of layout.strips) {
    for (let cell = firstCell; cell < firstCell + cells; cell++) {
      letter(ctx, picture, colours, cell, side);
    }
  }
}

/** The letter of what the pageblock is for; and the largest free order, where there is room. */
function letter(
  ctx: CanvasRenderingContext2D,
  { layout, palette, columns }: MapPicture,
  colours: MapColours,
  cell: number,
  side: number,
): void {
  const kind = columns.kind[cell] as number;
  const word = CELL_WORDS[kind]?.letter ?? '';
  const box = mapCellBox(layout, cell);
  if (word === '' || box === null) return;
  const largest = columns.largest[cell] as number;
  const order = side < ORDER_PX || kind > 5 ? '' : largest === 0 ? '–' : String(largest - 1);
  const look = kind * LARGEST + largest;
  const isPool = (columns.pooled[cell] as number) > PAGEBLOCK_PAGES / 2;
  const ground = isPool ? colours.pool : (colours.fill[look] as number);
  const text = `${word}${order}`;
  const { bg, ink } = palette.packed;
  // Patterns run through letters: each stands on a plate of the cell's own colour.
  ctx.fillStyle = cssOf(ground);
  ctx.fillRect(box.x + 1, box.y + 1, ctx.measureText(text).width + 5, Math.min(13, side - 2));
  ctx.fillStyle =
    lightness(ground) > (lightness(bg) + lightness(ink)) / 2 === lightness(ink) > lightness(bg)
      ? palette.css.bg
      : palette.css.ink;
  ctx.fillText(text, box.x + 3, box.y + Math.min(11, side - 3));
}

/** How light a colour is to the eye, 0 to 255: green counts most. */
function lightness(colour: number): number {
  const { red, green, blue } = unpack(colour);
  return 0.3 * red + 0.59 * green + 0.11 * blue;
}

function frame(
  ctx: CanvasRenderingContext2D,
  layout: MapLayout,
  cell: number,
  colour: string,
  lineWidth: number,
): void {
  const box = mapCellBox(layout, cell);
  if (box === null) return;
  ctx.strokeStyle = colour;
  ctx.lineWidth = lineWidth;
  ctx.strokeRect(box.x - 0.5, box.y - 0.5, box.widthPx + 1, box.heightPx + 1);
}
