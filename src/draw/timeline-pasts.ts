/**
 * What was played and is not the run's past: the future that is known already, where the run was
 * taken back, and the branches that were left, each from where it parted, as a dashed line with the
 * crosses of its failed maps.
 */
import { HEADER, HISTORY_BUCKETS, SERIES } from '../engine/frame.ts';
import { paintBand, yOf } from './band.ts';
import { minMaxColumns } from './min-max-columns.ts';
import { fontOf } from './text-layer.ts';
import { labelPx, xOf, type Chart, type Past } from './timeline-chart.ts';

/** How much of the ink the future gets: known, but not yet. */
const FUTURE_ALPHA = 0.38;
/** Dashes and the gaps between them, CSS px. */
const DASHES: readonly number[] = [2, 2.5];
/** Crosses nearer than this are one, CSS px; and half of one. */
const CROSS_APART_PX = 7;
const CROSS_PX = 2.5;

/** A row of `SERIES` of what was played. */
function rowOf({ series }: Past, row: number): Float32Array {
  return series.subarray(row * HISTORY_BUCKETS, (row + 1) * HISTORY_BUCKETS);
}

/** Lets through what lies between two moments. @returns false when that is nothing. */
function clipTime(chart: Chart, fromNs: number, toNs: number): boolean {
  const { ctx, plot } = chart;
  const [left, right] = [xOf(chart, fromNs), xOf(chart, toNs)];
  if (right - left < 0.5) return false;
  ctx.beginPath();
  ctx.rect(left, 0, right - left, plot.bottom);
  ctx.clip();
  return true;
}

/** The use over the whole past of a branch, in columns of the canvas. */
function columnsOf(chart: Chart, past: Past) {
  const { plot, options } = chart;
  const right = xOf(chart, Math.min(past.endNs, past.filled * past.bucketNs));
  const columns = Math.max(1, Math.ceil((right - plot.left) * options.dpr));
  const across = (chart.spanNs * (right - plot.left)) / (plot.right - plot.left) / past.bucketNs;
  const low = rowOf(past, SERIES.usedMin);
  const high = rowOf(past, SERIES.usedMax);
  const points = minMaxColumns(low, high, past.filled, columns, Math.min(across, past.filled));
  return { right, points };
}

function paintFuture(chart: Chart, past: Past): void {
  const { ctx, palette, plot, options } = chart;
  const { right, points } = columnsOf(chart, past);
  ctx.globalAlpha = FUTURE_ALPHA;
  paintBand(ctx, { ...plot, right }, points, {
    line: palette.css.ink,
    widthPx: 1.25 * Math.max(1, options.fontScale * 0.9),
    wash: palette.css['used-fill'],
  });
  traceCrosses(chart, past);
  ctx.strokeStyle = palette.css.accent;
  ctx.lineWidth = 1.5;
  ctx.stroke();
}

function paintGhostLine(chart: Chart, past: Past): void {
  const { ctx, palette, plot, options } = chart;
  const { right, points } = columnsOf(chart, past);
  const step = (right - plot.left) / points.high.length;
  ctx.beginPath();
  for (const [column, value] of points.high.entries()) {
    ctx.lineTo(plot.left + column * step, yOf(plot, value));
  }
  ctx.setLineDash([...DASHES]);
  ctx.strokeStyle = palette.css.ink2;
  ctx.lineWidth = 1.25 * Math.max(1, options.fontScale * 0.9);
  ctx.stroke();
  ctx.setLineDash([]);
  traceCrosses(chart, past);
  ctx.lineWidth = 1;
  ctx.stroke();
}

/** Puts a cross for every bucket with failures into the path, on the line of use. */
function traceCrosses(chart: Chart, past: Past): void {
  const { ctx, plot, options } = chart;
  const failures = rowOf(past, SERIES.failures);
  const high = rowOf(past, SERIES.usedMax);
  const half = CROSS_PX * options.fontScale;
  let last = -Infinity;
  ctx.beginPath();
  for (let bucket = 0; bucket < past.filled; bucket++) {
    if (failures[bucket] === 0) continue;
    const x = xOf(chart, (bucket + 0.5) * past.bucketNs);
    if (x - last < CROSS_APART_PX * options.fontScale) continue;
    last = x;
    const y = yOf(plot, high[bucket] as number);
    ctx.moveTo(x - half, y - half);
    ctx.lineTo(x + half, y + half);
    ctx.moveTo(x + half, y - half);
    ctx.lineTo(x - half, y + half);
  }
}

/** The name of a branch where it parted, under the plot's upper edge. */
function nameGhost(chart: Chart, past: Past): void {
  const { ctx, palette, plot } = chart;
  const sizePx = labelPx(chart);
  ctx.font = fontOf(palette, { sizePx, weight: 400 });
  ctx.textAlign = 'right';
  ctx.textBaseline = 'alphabetic';
  ctx.fillStyle = palette.css.ink2;
  const x = Math.max(xOf(chart, past.forkNs) + 60, xOf(chart, past.endNs) - 4);
  ctx.fillText(past.name, Math.min(x, plot.right), plot.bottom - 4);
}

/** Paints all of them, under the marks. */
export function paintPasts(chart: Chart): void {
  const { ctx, frame, options } = chart;
  const nowNs = frame.head(HEADER.timeNs);
  for (const past of options.pasts ?? []) {
    if (past.filled === 0) continue;
    const fromNs = past.isCurrent ? nowNs : past.forkNs;
    ctx.save();
    if (clipTime(chart, fromNs, past.endNs)) {
      if (past.isCurrent) paintFuture(chart, past);
      else {
        paintGhostLine(chart, past);
        nameGhost(chart, past);
      }
    }
    ctx.restore();
  }
}
