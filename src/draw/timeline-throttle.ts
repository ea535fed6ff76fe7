/** The throttle on the timeline: thresholds as they stood, and when anybody waited. */
import { HEADER, SERIES } from '../engine/frame.ts';
import { yOf } from './band.ts';
import { figure } from './figures.ts';
import { fontOf, write } from './text-layer.ts';
import { labelPx, xOf, type Chart } from './timeline-chart.ts';

/** A stretch of time, in buckets. */
export interface WaitSpan {
  readonly from: number;
  /** Behind the last. */
  readonly to: number;
}

/** Spans nearer than this are one. */
const APART_PX = 3;
const BAR_PX = 1.5;
const POST_PX = 7;
const WORD = 'throttling';

/** Buckets in which somebody waited, as spans; those less than `gap` buckets apart are joined. */
export function waitSpans(waiting: ArrayLike<number>, filled: number, gap: number): WaitSpan[] {
  const spans: WaitSpan[] = [];
  let from = -1;
  let to = -1;
  for (let bucket = 0; bucket < filled; bucket++) {
    if ((waiting[bucket] as number) === 0) continue;
    if (from >= 0 && bucket - to > gap) {
      spans.push({ from, to });
      from = -1;
    }
    if (from < 0) from = bucket;
    to = bucket + 1;
  }
  if (from >= 0) spans.push({ from, to });
  return spans;
}

/** A threshold over time: it can be moved, and it is 0 where nothing is throttled. */
function paintThreshold(chart: Chart, series: Float32Array): void {
  const { ctx, plot, palette, filled, past, frame } = chart;
  const bucketNs = frame.head(HEADER.bucketNs);
  ctx.fillStyle = palette.css.accent;
  for (let bucket = 0; bucket < filled;) {
    const value = series[bucket] as number;
    let behind = bucket + 1;
    while (behind < filled && series[behind] === value) behind++;
    if (value > 0) {
      const left = xOf(chart, bucket * bucketNs);
      const right = behind === filled ? past.right : xOf(chart, behind * bucketNs);
      const y = Math.max(plot.top, Math.round(yOf(plot, value)));
      ctx.fillRect(left, y, Math.max(1, Math.min(past.right, right) - left), 1);
    }
    bucket = behind;
  }
}

/** Both thresholds. Painted under the line of use, which crosses them. */
export function paintThresholds(chart: Chart): void {
  if (chart.frame.head(HEADER.policy) === 0) return;
  paintThreshold(chart, chart.frame.series(SERIES.highThrottle));
  paintThreshold(chart, chart.frame.series(SERIES.lowThrottle));
}

/** The labels at the thresholds' ends. */
export function thresholdLabels({ frame, palette }: Pick<Chart, 'frame' | 'palette'>): {
  text: string;
  value: number;
  colour: string;
}[] {
  if (frame.head(HEADER.policy) === 0) return [];
  const label = (name: string, value: number) => {
    return { text: `${name} ${figure(value)}`, value, colour: palette.css.accent };
  };
  return [
    label('high', frame.head(HEADER.highThrottle)),
    label('low', frame.head(HEADER.lowThrottle)),
  ];
}

/** Bars over the time in which somebody waited, each with a post where it begins. */
function paintBars(chart: Chart, spans: readonly WaitSpan[], y: number): void {
  const { ctx, palette, options, past, frame } = chart;
  const bucketNs = frame.head(HEADER.bucketNs);
  const thick = BAR_PX * options.fontScale;
  const post = POST_PX * options.fontScale;
  ctx.fillStyle = palette.css.accent;
  for (const { from, to } of spans) {
    const left = xOf(chart, from * bucketNs);
    const right = Math.min(past.right, xOf(chart, to * bucketNs));
    ctx.fillRect(left, y - thick / 2, Math.max(thick, right - left), thick);
    ctx.fillRect(left, y - post / 2, thick, post);
  }
}

/** The lane of the throttle, lowest of the marks: when anybody waited, and the word for it. */
export function paintWaiting(chart: Chart): void {
  const { ctx, palette, filled, options, plot, box, frame, past } = chart;
  const bucketNs = frame.head(HEADER.bucketNs);
  const lanePx = box.throttlePx ?? 0;
  if (filled === 0 || bucketNs === 0 || lanePx === 0) return;
  const bucketPx = xOf(chart, bucketNs) - plot.left;
  const gap = bucketPx > 0 ? Math.floor((APART_PX * options.fontScale) / bucketPx) : 0;
  const spans = waitSpans(frame.series(SERIES.waiting), filled, gap);
  const [first] = spans;
  const last = spans.at(-1);
  if (!first || !last) return;
  const y = Math.round(plot.top - lanePx / 2);
  paintBars(chart, spans, y);
  const sizePx = labelPx(chart);
  const look = { sizePx, weight: 600, colour: palette.css.accent } as const;
  ctx.font = fontOf(palette, look);
  const room = ctx.measureText(WORD).width + 12 * options.fontScale;
  const left = xOf(chart, first.from * bucketNs);
  const right = Math.min(past.right, xOf(chart, last.to * bucketNs));
  const isBefore = left > room;
  if (!isBefore && right + room > plot.right) return;
  const x = isBefore ? left - 6 * options.fontScale : right + 6 * options.fontScale;
  write(ctx, palette, { ...look, x, y: y + sizePx * 0.36, text: WORD, right: isBefore });
}
