/**
 * How large a cell the main pools get: tries columns, takes the largest cell that fits.
 *
 * Everything is searched in device pixels, so that cells are whole ones. Below a pixel a slot they
 * are halves, quarters...: then a pixel stands for a whole number of slots.
 */
import { SEGMENT_SLOTS } from '../model/geometry.ts';
import { wallPx } from './block-metrics.ts';
import type { PanelBox, PoolShape, PoolsStyle } from './layout-types.ts';

/** Measures that depend only on the style. CSS px. */
export interface Measures {
  readonly margin: number;
  readonly titlePx: number;
  /** Line of numbers over the columns; none in present mode. */
  readonly axisPx: number;
  readonly areaGap: number;
  readonly poolGap: number;
}

/** Font scale from which only what can be read from the last row is drawn. */
const PRESENT_SCALE = 1.3;

export function measuresOf(style: PoolsStyle): Measures {
  const present = style.fontScale > PRESENT_SCALE;
  return {
    margin: style.compact ? 16 : 12,
    titlePx: Math.round(6 + 12 * style.fontScale),
    axisPx: present ? 0 : 13,
    areaGap: present ? 6 : 4,
    poolGap: 10,
  };
}

/** Rows of one pool that stand together and are never cut: an area, or a part of one. */
export interface Piece {
  readonly firstRow: number;
  readonly rows: number;
  /** Area it belongs to, or -1 when areas are no whole rows. */
  readonly area: number;
  /** Part of a cut area: the gutter says from which row. */
  readonly cut: boolean;
}

export interface Fit {
  readonly columns: number;
  readonly gutter: number;
  readonly columnGap: number;
  /** Device pixels a slot: a whole number, or 1/2, 1/4...; broken on a phone. */
  readonly cellDevice: number;
  /** Device pixels from line to line. */
  readonly pitchDevice: number;
  /** Segments side by side on one line: 1 unless the pool is beyond a line a pixel. */
  readonly segments: number;
}

function rowsOf(pool: PoolShape): number {
  return Math.ceil(pool.nslabs / SEGMENT_SLOTS);
}

/** Whether a pool's areas are blocks of whole rows. */
function areasAreRows(pool: PoolShape): boolean {
  return pool.areaNslabs % SEGMENT_SLOTS === 0;
}

/** Splits `rows` into at most `parts` pieces, cut where a line of `segments` begins. */
function cutRows(firstRow: number, rows: number, parts: number, step: number): [number, number][] {
  const each = Math.ceil(rows / parts / step) * step;
  const cuts: [number, number][] = [];
  for (let at = 0; at < rows; at += each) cuts.push([firstRow + at, Math.min(each, rows - at)]);
  return cuts;
}

/** The pieces of a pool for so many columns. */
export function piecesOf(pool: PoolShape, columns: number, segments: number): Piece[] {
  const rows = rowsOf(pool);
  if (!areasAreRows(pool)) {
    return cutRows(0, rows, columns, segments).map(([firstRow, length]) => ({
      firstRow,
      rows: length,
      area: pool.nareas === 1 ? 0 : -1,
      cut: columns > 1,
    }));
  }
  const areaRows = pool.areaNslabs / SEGMENT_SLOTS;
  const parts = Math.max(1, Math.ceil(columns / pool.nareas));
  return Array.from({ length: pool.nareas }, (_, area) =>
    cutRows(area * areaRows, areaRows, parts, segments).map(([firstRow, length]) => ({
      firstRow,
      rows: length,
      area,
      cut: parts > 1,
    })),
  ).flat();
}

/** Rows from which a pool is spread over one column more. */
const ROWS_WORTH_A_COLUMN = 8;

/** Columns a pool is dealt out to: one of a few rows is not torn apart. */
export function columnsWorth(pool: PoolShape, columns: number): number {
  return Math.max(1, Math.min(columns, Math.floor(rowsOf(pool) / ROWS_WORTH_A_COLUMN)));
}

/** The pieces dealt out to columns, the first ones to the first column. */
export function dealOut(pieces: readonly Piece[], columns: number): Piece[][] {
  const each = Math.ceil(pieces.length / columns);
  const dealt: Piece[][] = [];
  for (let at = 0; at < pieces.length; at += each) dealt.push(pieces.slice(at, at + each));
  return dealt;
}

/** Rows of an area from which a gap sets it apart; below, a notch in the usage bar does. */
const GAP_ROWS = 8;

/** Whether a gap stands above a piece that is not the first of its column. */
export function hasGap(piece: Piece): boolean {
  return piece.rows >= GAP_ROWS;
}

/** A column of pieces as far as its height goes. */
interface Stack {
  readonly lines: number;
  readonly gaps: number;
}

function stackOf(column: readonly Piece[], segments: number): Stack {
  return {
    lines: column.reduce((sum, { rows }) => sum + Math.ceil(rows / segments), 0),
    gaps: column.filter((piece, index) => index > 0 && hasGap(piece)).length,
  };
}

/** The columns of every main pool. */
function stacksOf(pools: readonly PoolShape[], columns: number, segments: number): Stack[][] {
  return pools.map((pool) => {
    const parts = columnsWorth(pool, columns);
    const dealt = dealOut(piecesOf(pool, parts, segments), parts);
    return dealt.map((column) => stackOf(column, segments));
  });
}

/** Height of all main pools with their titles, lines `pitchPx` apart. */
function heightOf(stacks: readonly Stack[][], pitchPx: number, measures: Measures): number {
  let height = measures.axisPx;
  for (const [index, pool] of stacks.entries()) {
    const tallest = Math.max(
      ...pool.map(({ lines, gaps }) => lines * pitchPx + gaps * measures.areaGap),
    );
    height += measures.titlePx + tallest + (index > 0 ? measures.poolGap : 0);
  }
  return height;
}

/** Most columns tried: below 64 px of rows nothing can be told apart. */
const MAX_COLUMNS = 16;
/** With more columns than this gutters and gaps are narrow. */
const WIDE_COLUMNS = 4;
const NARROW_GUTTER = 40;
const NARROW_GAP = 8;
const WIDE_GAP = 20;

/** The widest cell for so many columns, in device pixels. */
function cellFor(widthPx: number, style: PoolsStyle): number {
  const device = (widthPx * style.dpr) / SEGMENT_SLOTS;
  if (device >= 1) return style.compact ? device : Math.floor(device);
  return 2 ** Math.floor(Math.log2(Math.max(device, 1 / 64)));
}

/** Tallest line worth having: numbers under the cells need a pitch of 22. */
function maxPitch(cellPx: number, compact: boolean): number {
  if (cellPx >= 5 && !compact) return Math.max(36, cellPx * 4);
  return Math.max(2, cellPx * 2 + 1);
}

/** The largest pitch that fits, or 0. */
function pitchFor(candidate: Fit, input: FitInput): number {
  const { dpr, compact } = input.style;
  const most = Math.floor(maxPitch(candidate.cellDevice / dpr, compact) * dpr);
  const stacks = stacksOf(input.pools, candidate.columns, candidate.segments);
  let pitch = 0;
  while (pitch < most && heightOf(stacks, (pitch + 1) / dpr, input.measures) <= input.heightPx) {
    pitch++;
  }
  return pitch;
}

export interface FitInput {
  readonly pools: readonly PoolShape[];
  readonly box: PanelBox;
  /** Height left for the main pools. */
  readonly heightPx: number;
  readonly style: PoolsStyle;
  readonly measures: Measures;
}

function candidateFor(columns: number, input: FitInput): Fit {
  const { style, box, measures } = input;
  const narrow = columns > WIDE_COLUMNS || style.compact;
  const gutter = narrow ? Math.min(style.gutterPx, NARROW_GUTTER) : style.gutterPx;
  const columnGap = narrow ? NARROW_GAP : WIDE_GAP;
  const room = (box.widthPx - 2 * measures.margin - (columns - 1) * columnGap) / columns - gutter;
  const cellDevice = cellFor(room, style);
  return { columns, gutter, columnGap, cellDevice, pitchDevice: 0, segments: 1 };
}

/** The same columns with enough segments on a line to fit, however large the pools are. */
function squeeze(candidate: Fit, input: FitInput): Fit {
  let fit = candidate;
  let pitchDevice = pitchFor(fit, input);
  while (pitchDevice === 0 && fit.segments < 4096) {
    const half = fit.cellDevice / 2;
    const cellDevice = half < 1 ? 2 ** Math.floor(Math.log2(half)) : Math.floor(half);
    fit = { ...fit, segments: fit.segments * 2, cellDevice };
    pitchDevice = pitchFor(fit, input);
  }
  return { ...fit, pitchDevice: Math.max(1, pitchDevice) };
}

/**
 * Larger is better: the smaller side of the cell first, then whole segments a line, then the cell's
 * area, then walls between the rows.
 */
export function fitScore(fit: Fit, dpr: number): readonly number[] {
  const wall = Math.ceil(wallPx(fit.pitchDevice / dpr) * dpr);
  const height = Math.max(1, fit.pitchDevice - wall);
  const area = fit.cellDevice * height;
  return [Math.min(fit.cellDevice, height), -fit.segments, area, fit.pitchDevice];
}

function better(one: readonly number[], other: readonly number[]): boolean {
  for (const [index, value] of one.entries()) {
    const against = other[index] ?? 0;
    if (value !== against) return value > against;
  }
  return false;
}

/** Line pitch (CSS px) from which a phone keeps to one column. */
const PHONE_PITCH_PX = 1.5;

/** The best way to draw the main pools in the height left. */
export function fitMain(input: FitInput): Fit {
  let best = squeeze(candidateFor(1, input), input);
  const isTall = best.segments === 1 && best.pitchDevice >= PHONE_PITCH_PX * input.style.dpr;
  if (input.style.compact && isTall) return best;
  for (let columns = 2; columns <= MAX_COLUMNS; columns++) {
    const fit = squeeze(candidateFor(columns, input), input);
    const { dpr } = input.style;
    if (better(fitScore(fit, dpr), fitScore(best, dpr))) best = fit;
  }
  return best;
}
