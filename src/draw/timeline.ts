/**
 * Usage over virtual time: capacity as a wash, slots in use as a line over its own wash, the peak as
 * steps, failed maps as crosses on top, now as a line in accent.
 *
 *     paintTimeline(ctx, frame, box, palette, { dpr, fontScale, hoverX });
 *
 * The canvas is `box.widthPx` by `box.heightPx` CSS px, times dpr, and is painted whole.
 */
import { ticks } from 'd3-array';
import { HEADER, SERIES, type FrameView } from '../engine/frame.ts';
import { paintBand, yOf, type Plot } from './band.ts';
import { figure } from './figures.ts';
import { highestOf, minMaxColumns } from './min-max-columns.ts';
import type { Palette } from './palette.ts';
import { spread } from './spread.ts';
import { fontOf, write } from './text-layer.ts';

/** The canvas, and what stands around the plot. CSS px. */
export interface TimelineBox {
  readonly widthPx: number;
  readonly heightPx: number;
  /** 54 for the numbers of the axis. */
  readonly leftPx: number;
  /** 116 for the labels of the lines; below 60 there are none. */
  readonly rightPx: number;
  /** 19 for the lane of marks. */
  readonly topPx: number;
  /** 18 for the axis of time. */
  readonly bottomPx: number;
}

/** Numbers for the labels, where others on the page say the same ones and are renewed less often. */
export interface TimelineFigures {
  readonly nslabs: number;
  readonly hiwater: number;
  readonly used: number;
  readonly failedMaps: number;
}

export interface TimelineOptions {
  readonly dpr: number;
  /** 1 on the stage, 1.58 in present mode. */
  readonly fontScale: number;
  /** Where the pointer is, to draw a line there; null when it is elsewhere. */
  readonly hoverX: number | null;
  /** Default: the frame's own. */
  readonly figures?: TimelineFigures;
}

/** Air above the highest capacity, as a share of it. */
const HEADROOM = 1.06;
/** Labels of lines need so much room at the right. */
const LABEL_ROOM_PX = 60;
const LABEL_STEP_PX = 13;

/** The shortest stretch of time shown: 20 ms. */
const LEAST_SPAN_NS = 20e6;

/** 1, 2 or 5 times a power of ten: the smallest that is at least `ns`. */
function roundSpan(ns: number): number {
  const decade = 10 ** Math.floor(Math.log10(ns));
  return decade * ([1, 2, 5].find((step) => step * decade >= ns) ?? 10);
}

/**
 * Virtual time that the whole width stands for: the run so far with room to go on, never more than
 * the run takes. Runs are watched in slow motion and may be thousands of times longer than what was
 * seen of them; drawn to their end, the first minutes would be a hair at the left edge.
 */
export function timelineSpanNs(frame: FrameView): number {
  const timeNs = frame.head(HEADER.timeNs);
  const endNs = frame.head(HEADER.endNs);
  const span = roundSpan(Math.max(LEAST_SPAN_NS, timeNs));
  return endNs > 0 ? Math.max(1, timeNs, Math.min(span, endNs)) : span;
}

interface Chart {
  readonly ctx: CanvasRenderingContext2D;
  readonly frame: FrameView;
  readonly box: TimelineBox;
  readonly palette: Palette;
  readonly options: TimelineOptions;
  /** The plot over its whole width, and what of it has happened. */
  readonly plot: Plot;
  readonly past: Plot;
  readonly spanNs: number;
  readonly filled: number;
}

function xOf(chart: Pick<Chart, 'plot' | 'spanNs'>, timeNs: number): number {
  const { left, right } = chart.plot;
  return left + ((right - left) * Math.min(timeNs, chart.spanNs)) / chart.spanNs;
}

function plotOf(frame: FrameView, box: TimelineBox): Plot {
  const filled = frame.head(HEADER.bucketsFilled);
  const capacity = Math.max(
    highestOf(frame.series(SERIES.capacity), filled),
    highestOf(frame.series(SERIES.usedMax), filled),
    frame.head(HEADER.nslabs),
  );
  return {
    left: box.leftPx,
    right: box.widthPx - box.rightPx,
    top: box.topPx,
    bottom: box.heightPx - box.bottomPx,
    most: capacity * HEADROOM,
  };
}

function chartOf(
  ctx: CanvasRenderingContext2D,
  frame: FrameView,
  box: TimelineBox,
  look: { palette: Palette; options: TimelineOptions },
): Chart {
  const plot = plotOf(frame, box);
  const spanNs = timelineSpanNs(frame);
  const filled = frame.head(HEADER.bucketsFilled);
  const nowNs = frame.head(HEADER.timeNs);
  const past = { ...plot, right: xOf({ plot, spanNs }, nowNs) };
  return { ctx, frame, box, plot, past, spanNs, filled, ...look };
}

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

/** Crosses nearer than this are one. */
const CROSS_APART_PX = 9;

function paintFailures(chart: Chart): void {
  const { ctx, frame, palette, filled, options, plot } = chart;
  const series = frame.series(SERIES.failures);
  const bucketNs = frame.head(HEADER.bucketNs);
  const half = 3 * options.fontScale;
  const y = Math.round(plot.top / 2);
  let total = 0;
  let lastX = -Infinity;
  ctx.beginPath();
  for (let bucket = 0; bucket < filled; bucket++) {
    const failures = series[bucket] as number;
    if (failures === 0) continue;
    total += failures;
    const x = xOf(chart, (bucket + 0.5) * bucketNs);
    if (x - lastX < CROSS_APART_PX * options.fontScale) continue;
    lastX = x;
    ctx.moveTo(x - half, y - half);
    ctx.lineTo(x + half, y + half);
    ctx.moveTo(x + half, y - half);
    ctx.lineTo(x - half, y + half);
  }
  if (total === 0) return;
  ctx.strokeStyle = palette.css.accent;
  ctx.lineWidth = 1.75 * options.fontScale;
  ctx.stroke();
  const failed = options.figures?.failedMaps ?? total;
  const text = `${figure(failed)} map ${failed === 1 ? 'failure' : 'failures'}`;
  const right = lastX > plot.right - 110 * options.fontScale;
  const sizePx = labelPx(chart);
  const look = {
    y: y + sizePx * 0.36,
    text,
    sizePx,
    weight: 400,
    colour: palette.css.ink2,
  } as const;
  if (!right) write(ctx, palette, { ...look, x: lastX + half + 6, right: false });
  else write(ctx, palette, { ...look, x: firstFailureX(chart) - half - 6, right: true });
}

function firstFailureX(chart: Chart): number {
  const series = chart.frame.series(SERIES.failures);
  const first = series.findIndex((failures) => failures > 0);
  return xOf(chart, (first + 0.5) * chart.frame.head(HEADER.bucketNs));
}

function labelPx(chart: Chart): number {
  return Math.round(11 * chart.options.fontScale);
}

/** Unit of the time axis: what keeps its numbers short. */
function axisUnit(spanNs: number): { ns: number; name: string } {
  if (spanNs >= 10e9) return { ns: 1e9, name: 's' };
  return spanNs >= 2e6 ? { ns: 1e6, name: 'ms' } : { ns: 1e3, name: 'µs' };
}

function paintTimeAxis(chart: Chart): void {
  const { ctx, palette, plot, spanNs } = chart;
  const unit = axisUnit(spanNs);
  const sizePx = labelPx(chart);
  const apart = 70 * chart.options.fontScale;
  const wanted = Math.max(2, Math.floor((plot.right - plot.left) / apart));
  ctx.textAlign = 'center';
  ctx.textBaseline = 'alphabetic';
  for (const tick of ticks(0, spanNs / unit.ns, wanted)) {
    const x = Math.round(xOf(chart, tick * unit.ns));
    ctx.fillStyle = palette.css.line2;
    ctx.fillRect(x, plot.bottom, 1, 4);
    ctx.fillStyle = palette.css.ink3;
    ctx.font = fontOf(palette, { sizePx, weight: 400 });
    ctx.textAlign = 'center';
    const text = `${figure(tick)}${tick === 0 ? ` ${unit.name}` : ''}`;
    ctx.fillText(tick % 1 === 0 ? text : `${tick}`, x, plot.bottom + 5 + sizePx);
  }
}

function paintValueAxis(chart: Chart): void {
  const { ctx, palette, plot, frame, filled } = chart;
  const boot = (filled > 0 ? frame.series(SERIES.capacity)[0] : undefined) ?? 0;
  // What the machine booted with, unless growth has left it far below.
  const top = boot >= plot.most / 2 ? boot : plot.most / HEADROOM;
  const sizePx = labelPx(chart);
  const tall = plot.bottom - plot.top > 3 * sizePx;
  for (const value of tall ? [0, top / 2, top] : [0, top]) {
    write(ctx, palette, {
      x: plot.left - 7,
      y: yOf(plot, value) + sizePx * 0.36,
      text: figure(value),
      sizePx,
      colour: palette.css.ink3,
      weight: 400,
      right: true,
    });
  }
}

/** Labels at the lines' ends, pushed apart where lines are close. */
function paintLabels(chart: Chart): void {
  const { ctx, palette, plot, frame, box } = chart;
  if (box.rightPx < LABEL_ROOM_PX) return;
  const { nslabs, hiwater, used } = chart.options.figures ?? {
    nslabs: frame.head(HEADER.nslabs),
    hiwater: frame.head(HEADER.hiwater),
    used: frame.head(HEADER.used),
  };
  const labels = [
    { name: 'capacity', value: nslabs, colour: palette.css.ink2 },
    { name: 'peak', value: hiwater, colour: palette.css.ink2 },
    { name: 'used', value: used, colour: palette.css.ink },
  ].toSorted((one, other) => other.value - one.value);
  const sizePx = labelPx(chart);
  const step = LABEL_STEP_PX * chart.options.fontScale;
  const ys = spread(
    labels.map(({ value }) => yOf(plot, value)),
    step,
    plot.bottom,
  );
  for (const [index, { name, value, colour }] of labels.entries()) {
    write(ctx, palette, {
      x: plot.right + 6,
      y: (ys[index] ?? 0) + sizePx * 0.36,
      text: `${name} ${figure(value)}`,
      sizePx,
      colour,
      weight: name === 'used' ? 600 : 400,
      right: false,
    });
  }
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
  paintUsed(chart);
  paintSteps(chart, frame.series(SERIES.hiwater), palette.css.ink2, false);
  paintTimeAxis(chart);
  paintValueAxis(chart);
  paintLabels(chart);
  paintFailures(chart);
  paintNow(chart);
}
