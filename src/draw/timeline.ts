/**
 * Usage over virtual time: capacity as a wash, slots in use as a line over its own wash, the peak as
 * steps, failed maps as crosses on top, now as a line in accent.
 *
 *     paintTimeline(ctx, frame, box, palette, { dpr, fontScale, hoverX });
 *
 * The canvas is `box.widthPx` by `box.heightPx` CSS px, times dpr, and is painted whole.
 */
import { HEADER, SERIES, type FrameView } from '../engine/frame.ts';
import { paintBand, yOf } from './band.ts';
import { minMaxColumns } from './min-max-columns.ts';
import type { Palette } from './palette.ts';
import { paintLabels, paintTimeAxis, paintValueAxis } from './timeline-axes.ts';
import {
  chartOf,
  xOf,
  type Chart,
  type TimelineBox,
  type TimelineOptions,
} from './timeline-chart.ts';
import { paintFailureRows, paintGhost } from './timeline-ghost.ts';
import { paintThresholds, paintWaiting } from './timeline-throttle.ts';

export type { TimelineBox, TimelineFigures, TimelineOptions } from './timeline-chart.ts';

/** Steps of a series: it only ever changes now and then. */
function paintSteps(chart: Chart, series: Float32Array, colour: string, toRight: boolean): void {
  const { ctx, plot, filled, past } = chart;
  const bucketNs = chart.frame.head(HEADER.bucketNs);
  ctx.beginPath();
  let last = NaN;
  for (let bucket = 0; bucket < filled; bucket++) {
    const value = series[bucket] as number;
    if (value === last) continue;
    const x = Math.min(past.right, xOf(chart, bucket * bucketNs));
    const y = Math.round(yOf(plot, value)) + 0.5;
    if (Number.isNaN(last)) ctx.moveTo(x, y);
    else {
      ctx.lineTo(x, Math.round(yOf(plot, last)) + 0.5);
      ctx.lineTo(x, y);
    }
    last = value;
  }
  if (Number.isNaN(last)) return;
  ctx.lineTo(toRight ? plot.right : past.right, Math.round(yOf(plot, last)) + 0.5);
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.stroke();
}

/** Capacity at boot in one grey, what has been grown since in another. */
function paintCapacity(chart: Chart): void {
  const { ctx, plot, palette, frame, filled } = chart;
  const series = frame.series(SERIES.capacity);
  const boot = (filled > 0 ? series[0] : undefined) ?? frame.head(HEADER.nslabs);
  const bootTop = yOf(plot, boot);
  ctx.fillStyle = palette.css.cap0;
  ctx.fillRect(plot.left, bootTop, plot.right - plot.left, plot.bottom - bootTop);
  const bucketNs = frame.head(HEADER.bucketNs);
  ctx.fillStyle = palette.css.cap1;
  for (let bucket = 0; bucket < filled; bucket++) {
    const value = series[bucket] as number;
    if (value <= boot) continue;
    let behind = bucket + 1;
    while (behind < filled && series[behind] === value) behind++;
    const x = xOf(chart, bucket * bucketNs);
    const right = behind === filled ? plot.right : xOf(chart, behind * bucketNs);
    const top = yOf(plot, value);
    ctx.fillRect(x, top, right - x, bootTop - top);
    bucket = behind - 1;
  }
  paintSteps(chart, series, palette.css.ink3, true);
}

function paintUsed(chart: Chart): void {
  const { frame, palette, past, filled, options } = chart;
  const width = past.right - past.left;
  if (filled === 0 || width <= 0) return;
  // The open bucket ends now and is as good as any other: a column a device pixel.
  const columns = Math.max(1, Math.ceil(width * options.dpr));
  const low = frame.series(SERIES.usedMin);
  const high = frame.series(SERIES.usedMax);
  paintBand(chart.ctx, past, minMaxColumns(low, high, filled, columns), {
    line: palette.css.ink,
    widthPx: 1.25 * Math.max(1, options.fontScale * 0.9),
    wash: palette.css['used-fill'],
  });
}

function paintNow(chart: Chart): void {
  const { ctx, palette, past, plot, options, box } = chart;
  const x = Math.round(past.right);
  ctx.fillStyle = palette.css.accent;
  ctx.fillRect(x - 0.5, 0, 1.5 * Math.max(1, options.fontScale), plot.bottom + 4);
  if (options.hoverX === null) return;
  if (options.hoverX < plot.left || options.hoverX > plot.right) return;
  ctx.fillStyle = palette.css.ink3;
  ctx.fillRect(Math.round(options.hoverX), box.topPx, 1, plot.bottom - box.topPx);
}

/** See the head of this file. */
export function paintTimeline(
  ctx: CanvasRenderingContext2D,
  frame: FrameView,
  box: TimelineBox,
  palette: Palette,
  options: TimelineOptions,
): void {
  const chart = chartOf(ctx, frame, box, { palette, options });
  ctx.setTransform(options.dpr, 0, 0, options.dpr, 0, 0);
  ctx.fillStyle = palette.css.bg;
  ctx.fillRect(0, 0, box.widthPx, box.heightPx);
  if (chart.plot.right <= chart.plot.left) return;
  paintCapacity(chart);
  paintThresholds(chart);
  paintUsed(chart);
  paintGhost(chart);
  paintSteps(chart, frame.series(SERIES.hiwater), palette.css.ink2, false);
  paintTimeAxis(chart);
  paintValueAxis(chart);
  paintLabels(chart);
  paintFailureRows(chart);
  options.paintGrowth?.(chart);
  paintWaiting(chart);
  paintNow(chart);
}
