/** The whole area of a search: who holds what, and a dot for each slot that was looked at. */
import type { ExplainedSearch, SeenArea } from '../engine/explained.ts';
import { OWNER_DEVICE_MASK, OWNER_FIRST } from '../engine/frame.ts';
import { Pen, px, type Drawing } from './scope-marks.ts';

/** A stretch of the area that is drawn larger below. */
export interface Framed {
  readonly letter: string;
  /** Counted from the area's first slot. */
  readonly at: number;
  readonly cells: number;
}

export interface OverviewBox {
  readonly width: number;
  readonly leftPx: number;
  readonly rightPx: number;
  readonly scale: number;
  /** Height of all rows together, as far as they are neither too low nor too high. */
  readonly rowsPx: number;
}

const MAX_ROWS = 32;
const LOWEST_PX = 5;
const HIGHEST_PX = 14;
const TOP_PX = 6;

/** Where slots stand: `perRow` a row, each `cell` px wide. */
interface Grid {
  readonly perRow: number;
  readonly rows: number;
  readonly cell: number;
  readonly x: number;
  /** From one row to the next, and height of what is drawn of it. */
  readonly rowPx: number;
  readonly barPx: number;
}

function gridOf(slots: number, { width, leftPx, rightPx, rowsPx }: OverviewBox): Grid {
  let perRow = 128;
  while (Math.ceil(slots / perRow) > MAX_ROWS) perRow *= 2;
  const cell = (width - leftPx - rightPx) / perRow;
  const rows = Math.ceil(slots / perRow);
  const rowPx = Math.max(LOWEST_PX, Math.min(HIGHEST_PX, Math.floor(rowsPx / rows)));
  return { perRow, rows, cell, x: leftPx, rowPx, barPx: rowPx - 1 };
}

function place(grid: Grid, at: number): { x: number; y: number } {
  const y = TOP_PX + Math.floor(at / grid.perRow) * grid.rowPx;
  return { x: grid.x + (at % grid.perRow) * grid.cell, y };
}

/** A bar a run, cut at the rows' ends; those of one device are one mark. */
function paintOwners(pen: Pen, grid: Grid, { walk, owner }: SeenArea): void {
  const free: string[] = [];
  const bars = new Map<number, string[]>();
  for (let row = 0; row < grid.rows; row++) {
    const from = row * grid.perRow;
    const to = Math.min(walk.areaSlots, from + grid.perRow);
    const { x, y } = place(grid, from);
    free.push(`M${px(x)} ${y}h${px((to - from) * grid.cell)}v${grid.barPx}H${px(x)}z`);
    if (owner !== null) addBars(bars, grid, owner, from, to);
  }
  pen.shapes(free.join(''), 'free');
  for (const [device, shapes] of bars) pen.shapes(shapes.join(''), device);
}

/** The bars of one row, slots `from` to before `to`. */
function addBars(
  bars: Map<number, string[]>,
  grid: Grid,
  owner: Uint8Array,
  from: number,
  to: number,
): void {
  for (let at = from; at < to;) {
    const start = at;
    const device = deviceOf(owner[at]);
    at++;
    while (at < to && goesOn(owner[at], device)) at++;
    if (device < 0) continue;
    const { x, y } = place(grid, start);
    // The end of the last slot stays free, so that neighbours can be told apart.
    const width = Math.max(grid.cell / 2, (at - start - 0.15) * grid.cell);
    const bar = `M${px(x)} ${y}h${px(width)}v${grid.barPx}h${px(-width)}z`;
    const shapes = bars.get(device);
    if (shapes === undefined) bars.set(device, [bar]);
    else shapes.push(bar);
  }
}

/** Device of an owner byte; -1: the slot is free. */
const deviceOf = (byte = 0) => (byte & OWNER_DEVICE_MASK) - 1;
/** Whether a slot is of the same run as the one before it, which is the device's. */
const goesOn = (byte = 0, device: number) =>
  deviceOf(byte) === device && (device < 0 || (byte & OWNER_FIRST) === 0);

/** The dots of the looks up to the step, the last of them larger. */
function paintLooks(pen: Pen, grid: Grid, { walk }: SeenArea, upTo: number): void {
  const dots: string[] = [];
  walk.looks.slice(0, upTo + 1).forEach(({ slot, count }) => {
    const { x, y } = place(grid, slot - walk.areaStart);
    const width = Math.max(2, (count - 1) * grid.cell + 2);
    const left = Math.min(x + Math.max(0, grid.cell / 2 - 1), grid.x + grid.perRow * grid.cell - 2);
    dots.push(`M${px(left)} ${px(y + grid.barPx / 2 - 1)}h${px(width)}v2h${px(-width)}z`);
  });
  pen.shapes(dots.join(''), 'ink');
  const last = walk.looks[Math.min(upTo, walk.looks.length - 1)];
  if (last === undefined || upTo < 0) return;
  const { x, y } = place(grid, last.slot + last.count - 1 - walk.areaStart);
  const middle = x + grid.cell / 2;
  const centre = y + grid.barPx / 2;
  pen.shapes(`M${px(middle - 3)} ${px(centre - 3)}h6v6h-6z`, 'bg');
  pen.shapes(`M${px(middle - 2)} ${px(centre - 2)}h4v4h-4z`, 'accent');
}

/** Frames of a stretch, row by row; long stretches cross the end of rows. */
function frameOf(grid: Grid, at: number, cells: number, outPx: number): string {
  const paths: string[] = [];
  for (let from = at; from < at + cells;) {
    const to = Math.min(at + cells, (Math.floor(from / grid.perRow) + 1) * grid.perRow);
    const { x, y } = place(grid, from);
    const width = (to - from) * grid.cell + 2 * outPx;
    const tall = grid.barPx + 2 * outPx;
    paths.push(`M${px(x - outPx)} ${y - outPx}h${px(width)}v${tall}h${px(-width)}z`);
    from = to;
  }
  return paths.join('');
}

/**
 * Draws one area of a search.
 *
 * @param upTo position in the walk's looks that the picture stands at.
 */
export function overviewOf(
  search: ExplainedSearch,
  area: SeenArea,
  upTo: number,
  framed: readonly Framed[],
  box: OverviewBox,
): Drawing {
  const pen = new Pen(box.scale);
  const { walk } = area;
  const grid = gridOf(walk.areaSlots, box);
  paintOwners(pen, grid, area);
  paintLooks(pen, grid, area, upTo);
  let lastY = -Infinity;
  for (const { letter, at, cells } of framed) {
    const shown = Math.min(cells, walk.areaSlots - at);
    pen.line(frameOf(grid, at, shown, 2), 'ink', 1);
    const letterPx = 11 * box.scale;
    const y = Math.max(place(grid, at).y + grid.barPx / 2 + 4, lastY + letterPx);
    lastY = y;
    const x = box.width - box.rightPx + 10;
    pen.text(x, y, letter, { tone: 'ink', bold: true });
  }
  if (walk.found >= 0 && upTo >= walk.looks.length - 1) {
    const at = walk.found - walk.areaStart;
    pen.line(frameOf(grid, at, search.request.slots, 1), 'accent', 2);
  }
  for (let row = 0; row < grid.rows; row += 8) paintRow(pen, grid, row, box);
  const isFolded = grid.rows % 8 !== 1 && grid.rows > 1;
  if (isFolded) paintRow(pen, grid, grid.rows - 1, box);
  return { width: box.width, height: TOP_PX + grid.rows * grid.rowPx + 8, marks: pen.marks };
}

function paintRow(pen: Pen, grid: Grid, row: number, { leftPx }: OverviewBox): void {
  const y = TOP_PX + row * grid.rowPx + grid.barPx / 2 + 4;
  const name = grid.perRow === 128 ? `row ${row}` : `slot ${row * grid.perRow}`;
  pen.text(leftPx - 8, y, name, { size: 10, anchor: 'end' });
}
