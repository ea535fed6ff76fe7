/** What a frame holds of the run beside the run, by time. */
import { HEADER, SERIES, type FrameView } from '../engine/frame.ts';
import { highestOf } from './min-max-columns.ts';

/** What the ghost is called, and its figures as the rest of the page says them. */
export interface TimelineGhost {
  readonly name: string;
  /** What the run is called beside it. */
  readonly runName: string;
  readonly used: number;
  readonly failedMaps: number;
  /** How far it has come on its way to the run's moment: 1 = it is there. */
  readonly progress: number;
}

/** What the buckets of a stretch of time say of the ghost. */
export interface GhostReading {
  readonly usedMin: number;
  readonly usedMax: number;
  readonly failures: number;
}

/** The most slots the ghost ever used; 0 without one. */
export function ghostMost(frame: FrameView): number {
  const filled = frame.head(HEADER.shadowBucketsFilled);
  return frame.counts.shadowed ? highestOf(frame.shadowSeries(SERIES.usedMax), filled) : 0;
}

/** The ghost between two moments; null where it has not come yet. */
export function ghostBetween(frame: FrameView, fromNs: number, toNs: number): GhostReading | null {
  const bucketNs = frame.head(HEADER.shadowBucketNs);
  const filled = frame.head(HEADER.shadowBucketsFilled);
  if (!frame.counts.shadowed || filled === 0) return null;
  if (fromNs > frame.head(HEADER.shadowTimeNs)) return null;
  const from = Math.min(filled - 1, Math.floor(fromNs / bucketNs));
  const to = Math.min(filled, Math.max(from + 1, Math.ceil(toNs / bucketNs)));
  const part = (series: number) => frame.shadowSeries(series).subarray(from, to);
  return {
    usedMin: Math.min(...part(SERIES.usedMin)),
    usedMax: Math.max(...part(SERIES.usedMax)),
    failures: part(SERIES.failures).reduce((sum, count) => sum + count, 0),
  };
}
