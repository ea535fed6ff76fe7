/** Where the cells of a memory map lie: a strip of rows for each zone, all cells of one size. */
import type { Box } from './layout-types.ts';

/** A zone's cells: pageblocks in ascending order of address. */
export interface ZoneShape {
  readonly name: string;
  readonly firstCell: number;
  readonly cells: number;
}

/** Room for a map. CSS px. */
export interface MapRoom {
  readonly widthPx: number;
  /** What it should not be higher than. */
  readonly heightPx: number;
  /** Height of the line above each strip. */
  readonly labelPx: number;
}

/** A zone's place. */
export interface ZoneStrip extends ZoneShape {
  /** Top of its first row, CSS px; its label stands above. */
  readonly topPx: number;
  readonly rows: number;
}

/** A map laid out. */
export interface MapLayout {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly labelPx: number;
  /** From one cell to the next, and what of that is between them. CSS px. */
  readonly pitchPx: number;
  readonly gapPx: number;
  readonly columns: number;
  /** Pageblocks that one drawn cell stands for: more than one where they would be too small. */
  readonly perCell: number;
  readonly strips: readonly ZoneStrip[];
}

/** Largest and smallest cells, gap included. */
const MOST_PX = 36;
const LEAST_PX = 2;
/** Between two strips. */
const STRIP_GAP_PX = 6;

/** The largest cells that fit; where not even the smallest do, each stands for two, four, eight. */
export function layoutMemory(zones: readonly ZoneShape[], room: MapRoom): MapLayout {
  for (let perCell = 1; ; perCell *= 2) {
    for (let pitchPx = MOST_PX; pitchPx >= LEAST_PX; pitchPx--) {
      const layout = laidOut(zones, room, pitchPx, perCell);
      const isLast = perCell > 2 ** 20;
      if (layout.heightPx <= room.heightPx || isLast) return layout;
    }
  }
}

function laidOut(
  zones: readonly ZoneShape[],
  { widthPx, labelPx }: MapRoom,
  pitchPx: number,
  perCell: number,
): MapLayout {
  const columns = Math.max(1, Math.floor(widthPx / pitchPx));
  const gapPx = pitchPx >= 16 ? 2 : pitchPx >= 4 ? 1 : 0;
  let y = 0;
  const strips = zones.map((zone) => {
    const rows = Math.ceil(Math.ceil(zone.cells / perCell) / columns);
    const strip = { ...zone, topPx: y + labelPx, rows };
    y = strip.topPx + rows * pitchPx + STRIP_GAP_PX;
    return strip;
  });
  const heightPx = Math.max(0, y - STRIP_GAP_PX);
  return { widthPx, heightPx, labelPx, pitchPx, gapPx, columns, perCell, strips };
}

/** Ways to go by keyboard. */
export type MapStep =
  'left' | 'right' | 'up' | 'down' | 'row-start' | 'row-end' | 'next' | 'before';

/** First pageblock of the drawn cell at a point, or -1. */
export function mapCellAt(layout: MapLayout, x: number, y: number): number {
  const { pitchPx, columns, perCell } = layout;
  const column = Math.floor(x / pitchPx);
  if (x < 0 || column >= columns) return -1;
  for (const { topPx, rows, firstCell, cells } of layout.strips) {
    if (y < topPx || y >= topPx + rows * pitchPx) continue;
    const at = (Math.floor((y - topPx) / pitchPx) * columns + column) * perCell;
    return at < cells ? firstCell + at : -1;
  }
  return -1;
}

/** Pageblocks of the drawn cell that holds `cell`: the first, and how many. */
export function drawnCell(
  { strips, perCell }: MapLayout,
  cell: number,
): { readonly first: number; readonly count: number } {
  const strip = stripOf(strips, cell);
  if (strip === undefined) return { first: cell, count: 1 };
  const at = Math.floor((cell - strip.firstCell) / perCell) * perCell;
  return { first: strip.firstCell + at, count: Math.min(perCell, strip.cells - at) };
}

/** Where the drawn cell of a pageblock is, gap left out; null when it is nowhere. */
export function mapCellBox(layout: MapLayout, cell: number): Box | null {
  const { pitchPx, gapPx, columns, perCell } = layout;
  const strip = stripOf(layout.strips, cell);
  if (strip === undefined) return null;
  const unit = Math.floor((cell - strip.firstCell) / perCell);
  const side = pitchPx - gapPx;
  return {
    x: (unit % columns) * pitchPx,
    y: strip.topPx + Math.floor(unit / columns) * pitchPx,
    widthPx: side,
    heightPx: side,
  };
}

/** Where a step begins. */
interface Spot {
  readonly cell: number;
  readonly strip: ZoneStrip;
  readonly above: ZoneStrip | undefined;
  readonly below: ZoneStrip | undefined;
  /** Pageblocks of a whole row, of a drawn cell, and before this one in its strip. */
  readonly row: number;
  readonly perCell: number;
  readonly within: number;
}

const LEADS: { readonly [step in MapStep]: (spot: Spot) => number } = {
  left: ({ cell, strip, above, within, perCell }) => {
    if (within >= perCell) return cell - perCell;
    return above === undefined ? strip.firstCell : lastOf(above);
  },
  right: ({ cell, strip, below, perCell }) => {
    if (cell + perCell <= lastOf(strip)) return cell + perCell;
    return below?.firstCell ?? cell;
  },
  'row-start': ({ strip, within, row }) => strip.firstCell + within - (within % row),
  'row-end': ({ strip, within, row }) =>
    Math.min(lastOf(strip), strip.firstCell + within - (within % row) + row - 1),
  up: ({ cell, above, within, row }) => {
    if (within >= row) return cell - row;
    return above === undefined ? cell : inRow(above, above.cells - 1, within % row, row);
  },
  down: ({ cell, strip, below, within, row }) => {
    const isLastRow = within - (within % row) + row >= strip.cells;
    // The last row may be short.
    if (!isLastRow) return Math.min(cell + row, lastOf(strip));
    return below === undefined ? cell : inRow(below, 0, within % row, row);
  },
  next: ({ cell, below }) => below?.firstCell ?? cell,
  before: ({ strip, above, within }) =>
    within > 0 ? strip.firstCell : (above?.firstCell ?? strip.firstCell),
};

/** Where a step leads: the first pageblock of a drawn cell; the same where there is no further. */
export function stepCell(layout: MapLayout, from: number, step: MapStep): number {
  const { columns, perCell, strips } = layout;
  const cell = drawnCell(layout, from).first;
  const at = strips.findIndex((strip) => holds(strip, cell));
  const strip = strips[at];
  if (strip === undefined) return strips[0]?.firstCell ?? cell;
  const within = cell - strip.firstCell;
  const row = columns * perCell;
  const spot = { cell, strip, above: strips[at - 1], below: strips[at + 1], row, perCell, within };
  return drawnCell(layout, LEADS[step](spot)).first;
}

function lastOf({ firstCell, cells }: ZoneShape): number {
  return firstCell + cells - 1;
}

/** The cell in the row of `at` that is so far from its start, or the strip's last. */
function inRow(strip: ZoneStrip, at: number, column: number, row: number): number {
  return Math.min(lastOf(strip), strip.firstCell + at - (at % row) + column);
}

function holds({ firstCell, cells }: ZoneShape, cell: number): boolean {
  return cell >= firstCell && cell < firstCell + cells;
}

function stripOf(strips: readonly ZoneStrip[], cell: number): ZoneStrip | undefined {
  return strips.find((strip) => holds(strip, cell));
}
