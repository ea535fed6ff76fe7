/** Exact values under a point of the timeline, and the moment that a point means. */
import { HEADER, type FrameView } from '../engine/frame.ts';
import { knownNs, nsPerPx, plotWidth, type TimelineBox } from './timeline-chart.ts';
import { spanReading, type SpanReading } from './timeline-span.ts';

/** The moment at `x`, held within the run so far. */
export function momentAt(frame: FrameView, box: TimelineBox, x: number): number {
  const ns = (x - box.leftPx) * nsPerPx(frame, box);
  return Math.max(0, Math.min(frame.head(HEADER.timeNs), ns));
}

/** The same, held within what was ever played on this branch: where the run can be taken. */
export function knownMomentAt(frame: FrameView, box: TimelineBox, x: number): number {
  return Math.max(0, Math.min(knownNs(frame), (x - box.leftPx) * nsPerPx(frame, box)));
}

/** What the buckets under one pixel say; null beside the plot and in the time to come. */
export function timelineAt(frame: FrameView, box: TimelineBox, x: number): SpanReading | null {
  const inPlot = x - box.leftPx;
  if (plotWidth(box) <= 0 || inPlot < 0 || inPlot > plotWidth(box)) return null;
  const each = nsPerPx(frame, box);
  const bucketNs = frame.head(HEADER.bucketNs);
  const nowNs = frame.head(HEADER.timeNs);
  const atNs = inPlot * each;
  // Now is a pixel wide: whoever points at its line means it.
  if (atNs > nowNs + each) return null;
  const fromNs = Math.min(nowNs, atNs);
  // Whole buckets: one that only begins under this pixel belongs to the next.
  const toNs = Math.floor((fromNs + each) / bucketNs) * bucketNs;
  return spanReading(frame, { fromNs, toNs });
}
