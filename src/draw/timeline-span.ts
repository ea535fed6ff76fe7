/** A stretch of the timeline: what the history says of it, exactly, and how it is marked. */
import { HEADER, SERIES, type FrameView } from '../engine/frame.ts';
import { xOf, type Chart, type GrowthMoment, type TimeSpan } from './timeline-chart.ts';

/**
 * Figures of a stretch of time. It begins and ends where a bucket of the history does, so that every
 * count is exact.
 */
export interface SpanReading extends TimeSpan {
  readonly usedMin: number;
  readonly usedMax: number;
  /** Slots there were when it began and when it ended, transient ones left out. */
  readonly capacityBefore: number;
  readonly capacity: number;
  readonly hiwater: number;
  readonly transientMin: number;
  readonly transientMax: number;
  /** Maps that failed. */
  readonly failures: number;
  /** Attempts to grow that began in it, by what became of them. */
  readonly grown: number;
  readonly halved: number;
  readonly growthFailed: number;
  readonly transients: number;
  readonly transientsFailed: number;
  readonly ordersRefused: number;
  readonly conversions: number;
}

/** What the buckets say that `span` touches; null where none does. */
export function spanReading(frame: FrameView, span: TimeSpan): SpanReading | null {
  const bucketNs = frame.head(HEADER.bucketNs);
  const filled = frame.head(HEADER.bucketsFilled);
  const nowNs = frame.head(HEADER.timeNs);
  if (filled === 0 || bucketNs === 0 || span.fromNs > nowNs || span.toNs < 0) return null;
  const from = Math.max(0, Math.min(filled - 1, Math.floor(span.fromNs / bucketNs)));
  const to = Math.min(filled, Math.max(from + 1, Math.ceil(span.toNs / bucketNs)));
  const part = (series: number) => frame.series(series).subarray(from, to);
  const least = (series: number) => part(series).reduce((low, one) => Math.min(low, one), Infinity);
  const most = (series: number) => part(series).reduce((high, one) => Math.max(high, one), 0);
  const sum = (series: number) => part(series).reduce((all, one) => all + one, 0);
  const at = (series: number, bucket: number) => frame.series(series)[bucket] ?? 0;
  return {
    fromNs: from * bucketNs,
    toNs: Math.min(to * bucketNs, nowNs),
    usedMin: least(SERIES.usedMin),
    usedMax: most(SERIES.usedMax),
    capacityBefore: at(SERIES.capacity, Math.max(0, from - 1)),
    capacity: at(SERIES.capacity, to - 1),
    hiwater: at(SERIES.hiwater, to - 1),
    transientMin: least(SERIES.transientMin),
    transientMax: most(SERIES.transientMax),
    failures: sum(SERIES.failures),
    grown: sum(SERIES.grown),
    halved: sum(SERIES.halved),
    growthFailed: sum(SERIES.growthFailed),
    transients: sum(SERIES.transients),
    transientsFailed: sum(SERIES.transientsFailed),
    ordersRefused: sum(SERIES.ordersRefused),
    conversions: sum(SERIES.conversions),
  };
}

/** The attempts that began in a stretch of time, of those that are kept; both ends included. */
export function attemptsIn<Moment extends Pick<GrowthMoment, 'timeNs'>>(
  moments: readonly Moment[],
  { fromNs, toNs }: TimeSpan,
): Moment[] {
  return moments.filter(({ timeNs }) => timeNs >= fromNs && timeNs <= toNs);
}

/** Washes the selected stretch, if there is one, with a line at both ends. */
export function paintSpan(chart: Chart): void {
  const { ctx, palette, plot, options, frame } = chart;
  const { span } = options;
  const exact = span ? spanReading(frame, span) : null;
  if (exact === null) return;
  const left = Math.round(xOf(chart, exact.fromNs));
  const right = Math.max(left + 1, Math.round(xOf(chart, exact.toNs)));
  const thick = Math.max(1, Math.round(options.fontScale));
  ctx.fillStyle = palette.css['accent-wash'];
  ctx.fillRect(left, 0, right - left, plot.bottom);
  ctx.fillStyle = palette.css.accent;
  ctx.fillRect(left, 0, thick, plot.bottom);
  ctx.fillRect(right - thick, 0, thick, plot.bottom);
}
