/** Exact values under a point of the timeline, and the moment that a point means. */
import { HEADER, type FrameView } from '../engine/frame.ts';
import { timelineSpanNs, type TimelineBox } from './timeline-chart.ts';
import { spanReading, type SpanReading } from './timeline-span.ts';

/** The plot's place on the canvas, CSS px; null where there is no room for one. */
function plotOf({ widthPx, leftPx, rightPx }: TimelineBox): { left: number; width: number } | null {
  const width = widthPx - leftPx - rightPx;
  return width > 0 ? { left: leftPx, width } : null;
}

/** Virtual ns that a CSS px stands for. */
export function nsPerPx(frame: FrameView, box: TimelineBox): number {
  return timelineSpanNs(frame) / Math.max(1, plotOf(box)?.width ?? 0);
}

/** The moment at `x`, held within the run so far. */
export function momentAt(frame: FrameView, box: TimelineBox, x: number): number {
  const ns = (x - box.leftPx) * nsPerPx(frame, box);
  return Math.max(0, Math.min(frame.head(HEADER.timeNs), ns));
}

/** Where a moment is, CSS px. */
export function placeOf(frame: FrameView, box: TimelineBox, timeNs: number): number {
  return box.leftPx + timeNs / nsPerPx(frame, box);
}

/** What the buckets under one pixel say; null beside the plot and in the time to come. */
export function timelineAt(frame: FrameView, box: TimelineBox, x: number): SpanReading | null {
  const plot = plotOf(box);
  if (plot === null || x < plot.left || x > plot.left + plot.width) return null;
  const each = nsPerPx(frame, box);
  const bucketNs = frame.head(HEADER.bucketNs);
  const nowNs = frame.head(HEADER.timeNs);
  const atNs = (x - plot.left) * each;
  // Now is a pixel wide: whoever points at its line means it.
  if (atNs > nowNs + each) return null;
  const fromNs = Math.min(nowNs, atNs);
  // Whole buckets: one that only begins under this pixel belongs to the next.
  const toNs = Math.floor((fromNs + each) / bucketNs) * bucketNs;
  return spanReading(frame, { fromNs, toNs });
}
