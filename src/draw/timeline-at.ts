/** Exact values under a point of the timeline. */
import { HEADER, SERIES, type FrameView } from '../engine/frame.ts';
import { timelineSpanNs, type TimelineBox } from './timeline-chart.ts';

/** What the buckets under one pixel of the timeline say. */
export interface TimelineReading {
  readonly fromNs: number;
  readonly toNs: number;
  readonly usedMin: number;
  readonly usedMax: number;
  readonly capacity: number;
  readonly hiwater: number;
  /** Maps that failed in this time. */
  readonly failures: number;
}

/** Null beside the plot and in the time to come. */
export function timelineAt(frame: FrameView, box: TimelineBox, x: number): TimelineReading | null {
  const width = box.widthPx - box.leftPx - box.rightPx;
  if (x < box.leftPx || x > box.leftPx + width || width <= 0) return null;
  const nsPerPx = timelineSpanNs(frame) / width;
  const bucketNs = frame.head(HEADER.bucketNs);
  const filled = frame.head(HEADER.bucketsFilled);
  const atNs = (x - box.leftPx) * nsPerPx;
  if (atNs > frame.head(HEADER.timeNs) || filled === 0) return null;
  const from = Math.min(filled - 1, Math.floor(atNs / bucketNs));
  const to = Math.min(filled, Math.max(from + 1, Math.floor((atNs + nsPerPx) / bucketNs)));
  const part = (series: number) => frame.series(series).subarray(from, to);
  const last = to - 1;
  return {
    fromNs: from * bucketNs,
    toNs: Math.min(to * bucketNs, frame.head(HEADER.timeNs)),
    usedMin: Math.min(...part(SERIES.usedMin)),
    usedMax: Math.max(...part(SERIES.usedMax)),
    capacity: frame.series(SERIES.capacity)[last] ?? 0,
    hiwater: frame.series(SERIES.hiwater)[last] ?? 0,
    failures: part(SERIES.failures).reduce((sum, count) => sum + count, 0),
  };
}
