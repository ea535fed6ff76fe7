/** Rows of crosses above the timeline: where maps failed, and how many in all. */
import { HEADER, SERIES } from '../engine/frame.ts';
import { figure } from './figures.ts';
import { fontOf, wipe, write } from './text-layer.ts';
import { LABEL_ROOM_PX, labelPx, xOf, type Chart } from './timeline-chart.ts';

/** Crosses nearer than this are one. */
const CROSS_APART_PX = 9;

/** Failures of one run, by bucket. */
export interface FailureRow {
  readonly series: Float32Array;
  readonly filled: number;
  readonly bucketNs: number;
  /** Of how many rows in the lane it is which, from 0. */
  readonly row: number;
  readonly rows: number;
  /** Failures in all; null = as many as the buckets tell. */
  readonly failed: number | null;
  /** Whose they are, where there are several rows; one that has no failures says so then. */
  readonly name: string | null;
  readonly colour: string;
}

/** Where a row of the lane has its middle, CSS px. */
function rowY(chart: Chart, { row, rows }: FailureRow): number {
  const { throttlePx = 0, growthPx = 0 } = chart.box;
  const lanePx = chart.plot.top - throttlePx - growthPx;
  return Math.round((lanePx * (2 * row + 1)) / (2 * rows));
}

/** Puts the crosses into the path. @returns where the first and the last one are, or null. */
function traceCrosses(chart: Chart, failures: FailureRow): { first: number; last: number } | null {
  const { ctx, options } = chart;
  const { series, filled, bucketNs } = failures;
  const half = 3 * options.fontScale;
  const y = rowY(chart, failures);
  let first = NaN;
  let last = -Infinity;
  ctx.beginPath();
  for (let bucket = 0; bucket < filled; bucket++) {
    if (series[bucket] === 0) continue;
    const x = xOf(chart, (bucket + 0.5) * bucketNs);
    if (x - last < CROSS_APART_PX * options.fontScale) continue;
    if (Number.isNaN(first)) first = x;
    last = x;
    ctx.moveTo(x - half, y - half);
    ctx.lineTo(x + half, y + half);
    ctx.moveTo(x + half, y - half);
    ctx.lineTo(x - half, y + half);
  }
  return Number.isNaN(first) ? null : { first, last };
}

/** What a row says, longest first. */
function wordings({ series, filled, failed, name }: FailureRow): string[] {
  const total = failed ?? series.subarray(0, filled).reduce((sum, count) => sum + count, 0);
  const count = total === 0 ? 'no' : figure(total);
  const whose = name === null ? '' : `${name}: `;
  const long = `${whose}${count} map ${total === 1 ? 'failure' : 'failures'}`;
  return [long, `${whose}${figure(total)} failed`];
}

/** Between what a row's words have to find room, CSS px. */
interface Crosses {
  readonly first: number;
  readonly last: number;
  readonly gapPx: number;
}

/** Left edge of words behind the last cross, else before the first; null where both is too near. */
function freeX({ plot, box }: Chart, crosses: Crosses, widthPx: number): number | null {
  const { first, last, gapPx } = crosses;
  const right = box.rightPx < LABEL_ROOM_PX ? box.widthPx : plot.right;
  if (last + gapPx + widthPx <= right) return last + gapPx;
  const before = first - gapPx - widthPx;
  return before >= 0 ? before : null;
}

/** Writes the longest words that have room; where none have, the shortest, over the last crosses. */
function writeWords(chart: Chart, failures: FailureRow, crosses: Crosses): void {
  const { ctx, palette, plot } = chart;
  const sizePx = labelPx(chart);
  const look = { sizePx, weight: 400, colour: palette.css.ink2, right: false } as const;
  ctx.font = fontOf(palette, look);
  const texts = wordings(failures).map((text) => {
    const widthPx = Math.ceil(ctx.measureText(text).width);
    return { text, widthPx, x: freeX(chart, crosses, widthPx) };
  });
  const chosen = texts.find(({ x }) => x !== null) ?? texts.at(-1);
  if (chosen === undefined) return;
  const { text, widthPx, x } = chosen;
  const y = rowY(chart, failures);
  const left = x ?? plot.right - widthPx;
  if (x === null) {
    wipe(ctx, palette, { x: left - 4, y: y - sizePx / 2, widthPx: widthPx + 4, heightPx: sizePx });
  }
  write(ctx, palette, { ...look, x: left, y: y + sizePx * 0.36, text });
}

/** Paints a row and its words. */
export function paintFailureRow(chart: Chart, failures: FailureRow): void {
  const { ctx, options, plot } = chart;
  const crosses = traceCrosses(chart, failures);
  if (crosses === null && failures.name === null) return;
  ctx.strokeStyle = failures.colour;
  ctx.lineWidth = 1.75 * options.fontScale;
  ctx.stroke();
  const gapPx = 3 * options.fontScale + 6;
  const { first, last } = crosses ?? { first: plot.left, last: plot.left - gapPx };
  writeWords(chart, failures, { first, last, gapPx });
}

/** The failures of the run itself: one row of `rows`. */
export function paintFailures(chart: Chart, rows: number, name: string | null): void {
  const { frame, filled, options, palette } = chart;
  paintFailureRow(chart, {
    series: frame.series(SERIES.failures),
    filled,
    bucketNs: frame.head(HEADER.bucketNs),
    row: 0,
    rows,
    failed: options.figures?.failedMaps ?? null,
    name,
    colour: palette.css.accent,
  });
}
