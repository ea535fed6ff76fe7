/**
 * The throttle at work: the token, the queue in order, and requests on their way between gate, queue,
 * token and memory.
 *
 *     paintThrottleLane(ctx, frame, place, palette, options);
 *
 * The canvas lies under the gauge and is as wide as the panel: what has its slots leaves to the left,
 * where the memory is. It is painted whole; the picture is a function of the arguments alone. What is
 * said of the token in words stands on the page beside it.
 */
import { HEADER, WAITER, type FrameView } from '../engine/frame.ts';
import { figure } from './figures.ts';
import { deviceHue, type Palette } from './palette.ts';
import {
  fitColumns,
  rowText,
  type ColumnWidths,
  type QueueColumns,
  type RowText,
} from './queue-columns.ts';
import { fontOf, Ruler, write } from './text-layer.ts';
import {
  throttleMotion,
  type Chip,
  type QueueRow,
  type ThrottleMotion,
} from './throttle-motion.ts';

/** The canvas and the column on it. CSS px. */
export interface LanePlace {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Left and upper edge of the column of token and queue. */
  readonly leftPx: number;
  readonly topPx: number;
}

export interface LaneOptions {
  readonly dpr: number;
  /** 1 on the stage, 1.58 for a projector. */
  readonly fontScale: number;
  readonly deviceNames: readonly string[];
  /** Virtual ns a wall second, and how long a move takes (`moveNsOf`). */
  readonly paceNs: number;
  readonly moveNs: number;
}

/** Lengths on the stage, px: all times the scale of the text. */
const DISC_PX = 8;
const RING_PX = 11.5;
const TOKEN_X = 12.5;
const TOKEN_Y = 16;
/** The token and its three lines of words. */
export const TOKEN_HEIGHT_PX = 51;
const ROW_PX = 15;
const HEAD_PX = 14;
/** A projector's rows have a single number, which needs no head. */
const HEADLESS_SCALE = 1.3;
const LEAD_PX = 30;
const GAP_PX = 6;
const CHIP_PX = 9;
const FLOW_PX = 5;
const MOST_ROWS = 10;

interface Pen {
  readonly ctx: CanvasRenderingContext2D;
  readonly frame: FrameView;
  readonly place: LanePlace;
  readonly palette: Palette;
  readonly options: LaneOptions;
  /** CSS px of a px of the stage. */
  readonly unit: number;
}

/** Where the first row begins below the column's top, in px of the stage. */
function queueTop(fontScale: number): number {
  return TOKEN_HEIGHT_PX + (fontScale > HEADLESS_SCALE ? 0 : HEAD_PX);
}

/** Rows there is room for. */
function fittingRows(place: LanePlace, fontScale: number): number {
  const room = place.heightPx - place.topPx - queueTop(fontScale) * fontScale;
  return Math.max(0, Math.min(MOST_ROWS, Math.floor(room / (ROW_PX * fontScale))));
}

/** Rows shown of `waiting`: with more than there is room for, the last row counts the others. */
export function laneRows(place: LanePlace, fontScale: number, waiting: number): number {
  const fitting = fittingRows(place, fontScale);
  return waiting > fitting ? Math.max(0, fitting - 1) : waiting;
}

function rowTop({ place, unit }: Pen, at: number): number {
  return place.topPx + (queueTop(unit) + at * ROW_PX) * unit;
}

function paintDisc(pen: Pen, fill: number, ringed: boolean): void {
  const { ctx, place, palette, unit } = pen;
  const x = place.leftPx + TOKEN_X * unit;
  const y = place.topPx + TOKEN_Y * unit;
  const circle = (radius: number) => {
    ctx.beginPath();
    ctx.arc(x, y, radius * unit, 0, 2 * Math.PI);
  };
  ctx.lineWidth = unit;
  ctx.strokeStyle = palette.css.accent;
  ctx.fillStyle = palette.css.accent;
  if (ringed) {
    circle(RING_PX);
    ctx.stroke();
  }
  circle(DISC_PX);
  if (fill < 1) {
    ctx.lineWidth = 1.5 * unit;
    ctx.stroke();
  }
  if (fill <= 0) return;
  circle(DISC_PX * fill);
  ctx.fill();
}

/** How full the token is: it fills as its next holder comes in. */
function fillOf({ frame }: Pen, chips: readonly Chip[]): number {
  if (frame.head(HEADER.semCount) !== 0) return 0;
  const coming = chips.find(({ way }) => way === 'queue-to-token' || way === 'gate-to-token');
  return coming ? coming.share : 1;
}

function paintToken(pen: Pen, { chips, flow }: ThrottleMotion): void {
  const count = pen.frame.head(HEADER.semCount);
  // A policy without a holder has no token.
  if (count < 0) return;
  paintDisc(pen, flow ? 1 : fillOf(pen, chips), count === 0);
}

/** A band of all that goes through, parted by whose it is. */
function paintFlow(pen: Pen, byDevice: readonly number[]): void {
  const { ctx, place, palette, unit } = pen;
  const all = byDevice.reduce((sum, count) => sum + count, 0);
  const left = place.leftPx + LEAD_PX * unit;
  const top = Math.round(place.topPx + (TOKEN_HEIGHT_PX - 12) * unit);
  const width = place.widthPx - left;
  let from = 0;
  for (const [device, count] of byDevice.entries()) {
    if (count === 0) continue;
    const to = from + count;
    const x = Math.round(left + (width * from) / all);
    const right = Math.round(left + (width * to) / all);
    ctx.fillStyle = deviceHue(palette, device).css;
    ctx.fillRect(x, top, Math.max(1, right - x - 1), FLOW_PX * unit);
    from = to;
  }
}

/** Where a chip's middle is, px. */
function chipAt(pen: Pen, { way, share }: Chip): { x: number; y: number } {
  const { place, unit } = pen;
  const token = { x: place.leftPx + TOKEN_X * unit, y: place.topPx + TOKEN_Y * unit };
  const ends = {
    token,
    queue: { x: place.leftPx + 21 * unit, y: rowTop(pen, 0.5) },
    gate: { x: place.widthPx + CHIP_PX * unit, y: token.y },
    slots: { x: -CHIP_PX * unit, y: token.y },
  };
  const [from, to] = {
    'queue-to-token': [ends.queue, token],
    'gate-to-token': [ends.gate, token],
    'token-to-slots': [token, ends.slots],
    'slots-to-token': [ends.slots, token],
  }[way] as [typeof token, typeof token];
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

function paintChip(pen: Pen, chip: Chip): void {
  const { ctx, palette, unit } = pen;
  const { x, y } = chipAt(pen, chip);
  const size = CHIP_PX * unit;
  const left = Math.round(x - size / 2);
  const top = Math.round(y - size / 2);
  ctx.fillStyle = palette.css.bg;
  ctx.fillRect(left - 1, top - 1, size + 2, size + 2);
  if (chip.way === 'slots-to-token') {
    // Its slots are free again: what comes back is the semaphore alone.
    ctx.strokeStyle = palette.css.accent;
    ctx.lineWidth = 1.5;
    ctx.strokeRect(left + 1, top + 1, size - 2, size - 2);
    return;
  }
  ctx.fillStyle = deviceHue(palette, chip.device).css;
  ctx.fillRect(left, top, size, size);
}

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

function paintQueue(pen: Pen, rows: readonly QueueRow[], shown: number): void {
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

/** See the head of this file. */
export function paintThrottleLane(
  ctx: CanvasRenderingContext2D,
  frame: FrameView,
  place: LanePlace,
  palette: Palette,
  options: LaneOptions,
): void {
  const { dpr, fontScale, paceNs, moveNs } = options;
  ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
  ctx.fillStyle = palette.css.bg;
  ctx.fillRect(0, 0, place.widthPx, place.heightPx);
  const pen: Pen = { ctx, frame, place, palette, options, unit: fontScale };
  const shown = laneRows(place, fontScale, frame.head(HEADER.throttleWaiting));
  const motion = throttleMotion(frame, paceNs, moveNs, shown);
  paintToken(pen, motion);
  if (motion.flow) paintFlow(pen, motion.flow.byDevice);
  paintQueue(pen, motion.rows, shown);
  for (const chip of motion.chips) paintChip(pen, chip);
}
