/** A device's slots in flight over the run's time, in its hue. The canvas is painted whole. */
import { FIXED_SERIES, HEADER, type FrameView } from '../engine/frame.ts';
import { paintBand, type Plot } from './band.ts';
import type { PanelBox } from './layout-types.ts';
import { highestOf, minMaxColumns } from './min-max-columns.ts';
import { deviceHue, type Palette } from './palette.ts';
import { timelineSpanNs } from './timeline-chart.ts';

/** Share of the hue in the wash below the line. */
const WASH_ALPHA = 0.22;

export interface SparklineOptions {
  readonly dpr: number;
  /** Row of the frame's device table. */
  readonly device: number;
}

/** `box` in CSS px; the canvas is that times dpr. */
export function paintSparkline(
  ctx: CanvasRenderingContext2D,
  frame: FrameView,
  box: PanelBox,
  palette: Palette,
  options: SparklineOptions,
): void {
  const { dpr, device } = options;
  ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
  ctx.fillStyle = palette.css.bg;
  ctx.fillRect(0, 0, box.widthPx, box.heightPx);
  const filled = frame.head(HEADER.bucketsFilled);
  if (filled === 0 || device >= frame.counts.devices) return;
  const series = frame.series(FIXED_SERIES + device);
  const share = Math.min(1, frame.head(HEADER.timeNs) / timelineSpanNs(frame));
  const right = Math.max(1, box.widthPx * share);
  const plot: Plot = {
    left: 0,
    right,
    top: 2,
    bottom: box.heightPx - 1,
    most: Math.max(1, highestOf(series, filled)),
  };
  const columns = Math.max(1, Math.ceil(right * dpr));
  const across = frame.head(HEADER.timeNs) / frame.head(HEADER.bucketNs);
  const points = minMaxColumns(series, series, filled, columns, across);
  const { css } = deviceHue(palette, device);
  ctx.fillStyle = palette.css.line;
  ctx.fillRect(0, box.heightPx - 1, box.widthPx, 1);
  ctx.globalAlpha = WASH_ALPHA;
  paintBand(
    ctx,
    plot,
    { low: points.high, high: points.high },
    { line: null, widthPx: 1, wash: css },
  );
  ctx.globalAlpha = 1;
  paintBand(ctx, plot, points, { line: css, widthPx: 1.25, wash: null });
}
