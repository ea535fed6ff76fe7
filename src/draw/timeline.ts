/**
 * Usage over virtual time: capacity stacked by pool, slots in use as a line over a wash, the peak as
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
import { paintCapacity } from './timeline-capacity.ts';
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
function paintSteps(chart: Chart, series: Float32Array, colour: string): void {
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
  ctx.lineTo(past.right, Math.round(yOf(plot, last)) + 0.5);
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.stroke();
}

function paintUsed(chart: Chart): void {
  const { frame, palette, past, filled, options } = chart;
  const width = past.right - past.left;
  if (filled === 0 || width <= 0) return;
  const columns = Math.max(1, Math.ceil(width * options.dpr));
  const low = frame.series(SERIES.usedMin);
  const high = frame.series(SERIES.usedMax);
  const across = frame.head(HEADER.timeNs) / frame.head(HEADER.bucketNs);
  paintBand(chart.ctx, past, minMaxColumns(low, high, filled, columns, across), {
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
  options.later?.under(chart);
  paintThresholds(chart);
  paintUsed(chart);
  paintGhost(chart);
  paintSteps(chart, frame.series(SERIES.hiwater), palette.css.ink2);
  paintTimeAxis(chart);
  paintValueAxis(chart);
  paintLabels(chart);
  paintFailureRows(chart);
  paintWaiting(chart);
  options.later?.over(chart);
  paintNow(chart);
}
