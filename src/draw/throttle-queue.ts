/** The queue of the throttle: its rows in order, and how many more there are. */
import { HEADER, WAITER } from '../engine/frame.ts';
import { figure } from './figures.ts';
import {
  CHIP_PX,
  fittingRows,
  HEADLESS_SCALE,
  LEAD_PX,
  rowTop,
  type LanePen as Pen,
} from './lane-place.ts';
import { deviceHue } from './palette.ts';
import {
  fitColumns,
  rowText,
  type ColumnWidths,
  type QueueColumns,
  type RowText,
} from './queue-columns.ts';
import { fontOf, Ruler, write } from './text-layer.ts';
import type { QueueRow } from './throttle-motion.ts';

const GAP_PX = 5;

const ruler = new Ruler();

function widest(pen: Pen, texts: readonly string[], weight: 400 | 600): number {
  const { ctx, palette, unit } = pen;
  const font = fontOf(palette, { sizePx: Math.round(11 * unit), weight });
  return Math.max(0, ...texts.map((text) => ruler.widthOf(ctx, font, text)));
}

function widthsOf(pen: Pen, rows: readonly RowText[]): ColumnWidths {
  return {
    name: widest(
      pen,
      rows.map(({ name }) => name),
      400,
    ),
    size: widest(pen, ['KiB', ...rows.map(({ size }) => size)], 400),
    why: widest(pen, ['over', ...rows.map(({ why }) => why)], 600),
    wait: widest(pen, ['waits', ...rows.map(({ wait }) => wait)], 600),
  };
}

interface Cell {
  readonly text: string;
  readonly x: number;
  readonly colour: string;
  readonly weight?: 400 | 500 | 600;
  readonly right?: boolean;
}

function writeCells(pen: Pen, baseline: number, cells: readonly Cell[]): void {
  const { ctx, palette, unit } = pen;
  for (const { text, x, colour, weight = 400, right = true } of cells) {
    const sizePx = Math.round(11 * unit);
    write(ctx, palette, { x, y: baseline, text, sizePx, colour, weight, right });
  }
}

function paintHead(pen: Pen, columns: QueueColumns): void {
  const { place, palette, unit } = pen;
  const colour = palette.css.ink3;
  const cells: Cell[] = [{ text: 'waits', x: place.leftPx + columns.wait, colour }];
  if (columns.why !== null) cells.push({ text: 'over', x: place.leftPx + columns.why, colour });
  if (columns.size !== null) cells.push({ text: 'KiB', x: place.leftPx + columns.size, colour });
  writeCells(pen, rowTop(pen, 0) - 4 * unit, cells);
}

function paintRow(pen: Pen, row: QueueRow, text: RowText, columns: QueueColumns): void {
  const { ctx, frame, place, palette, unit } = pen;
  const { accent, ink, ink2, ink3 } = palette.css;
  // It comes in from the right edge, where the gate is.
  const left = place.leftPx + (1 - row.entered) * (place.widthPx - place.leftPx);
  const top = rowTop(pen, row.place);
  const size = Math.round(CHIP_PX * unit);
  ctx.fillStyle = deviceHue(palette, frame.waiter(row.waiter, WAITER.device)).css;
  ctx.fillRect(Math.round(left + 16 * unit), Math.round(top + 3 * unit), size, size);
  const cells: Cell[] = [
    { text: text.place, x: left + 12 * unit, colour: ink3 },
    { text: text.name, x: left + columns.name, colour: ink, right: false },
    {
      text: text.wait,
      x: left + columns.wait,
      colour: text.starved ? accent : ink,
      weight: text.starved ? 600 : 500,
    },
  ];
  if (columns.size !== null) cells.push({ text: text.size, x: left + columns.size, colour: ink2 });
  if (columns.why !== null) {
    const colour = text.starved ? accent : ink3;
    const weight = text.starved ? 600 : 400;
    cells.push({ text: text.why, x: left + columns.why, colour, weight });
  }
  writeCells(pen, top + 11 * unit, cells);
}

/** Paints the rows of a motion, of which `shown` fit. */
export function paintQueue(pen: Pen, rows: readonly QueueRow[], shown: number): void {
  const { frame, place, unit, options } = pen;
  const waiting = frame.head(HEADER.throttleWaiting);
  if (waiting === 0) return;
  const texts = rows.map(({ waiter }) => rowText(frame, waiter, options.deviceNames));
  const width = place.widthPx - place.leftPx;
  const columns = fitColumns(widthsOf(pen, texts), width, LEAD_PX * unit, GAP_PX * unit);
  if (shown > 0 && unit <= HEADLESS_SCALE) paintHead(pen, columns);
  const more = waiting - shown;
  // One that moves up into the last row comes from under the line that counts the others.
  const end = more > 0 ? shown : fittingRows(place, options.fontScale);
  for (const [index, row] of rows.entries()) {
    const text = texts[index];
    if (text && row.place < end) paintRow(pen, row, text, columns);
  }
  if (more > 0) paintMore(pen, shown, more);
}

/** The last line: how many more there are. */
function paintMore(pen: Pen, shown: number, more: number): void {
  const { ctx, place, palette, unit } = pen;
  const top = rowTop(pen, shown);
  ctx.fillStyle = palette.css.bg;
  ctx.fillRect(place.leftPx, top, place.widthPx - place.leftPx, place.heightPx - top);
  const text = shown > 0 ? `and ${figure(more)} more` : `${figure(more)} wait`;
  const cell = { text, x: place.leftPx + LEAD_PX * unit, colour: palette.css.ink3, right: false };
  writeCells(pen, top + 11 * unit, [cell]);
}
