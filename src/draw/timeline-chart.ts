/** What the timeline is painted from: time and values with their places on the canvas. */
import { HEADER, HISTORY_BUCKETS, SERIES, type FrameView } from '../engine/frame.ts';
import type { Plot } from './band.ts';
import { ghostMost, type TimelineGhost } from './ghost-series.ts';
import { highestOf } from './min-max-columns.ts';
import type { Palette } from './palette.ts';

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
  /** Part of it, at its lower end, that the throttle takes; left out: none. */
  readonly throttlePx?: number;
  /** The same above that for attempts to grow. */
  readonly growthPx?: number;
  /** 18 for the axis of time. */
  readonly bottomPx: number;
}

/** Numbers for the labels, where others on the page say the same ones and are renewed less often. */
export interface TimelineFigures {
  readonly nslabs: number;
  readonly hiwater: number;
  readonly used: number;
  readonly failedMaps: number;
  readonly transientNslabs: number;
}

/** One try to get more memory, as far as the timeline shows it. */
export interface GrowthMoment {
  readonly timeNs: number;
  /** Its outcome is known after so long. */
  readonly costNs: number;
  readonly by: 'worker' | 'transient' | 'request' | 'refill';
  /** Slots got, 0 = none. */
  readonly slots: number;
  readonly tries: readonly { readonly path: string; readonly unshared?: true }[];
  /** Conversions it took: calls, and pages of both sizes. */
  readonly converted: readonly [calls: number, small: number, large: number];
}

/** A stretch of virtual time. */
export interface TimeSpan {
  readonly fromNs: number;
  readonly toNs: number;
}

/** Usage as far as a branch of the run was played. */
export interface Past {
  readonly name: string;
  /** Where it left the branch it came from, and how far it was played; virtual ns. */
  readonly forkNs: number;
  readonly endNs: number;
  /** The run is on it: what lies behind now is its future. */
  readonly isCurrent: boolean;
  readonly bucketNs: number;
  readonly filled: number;
  /** The first rows of `SERIES`, up to `failures`; `HISTORY_BUCKETS` each. */
  readonly series: Float32Array;
}

/** Painters under the lines of the chart and over them. */
export interface TimelineLayers {
  readonly under: (chart: Chart) => void;
  readonly over: (chart: Chart) => void;
}

export interface TimelineOptions {
  readonly dpr: number;
  /** 1 on the stage, 1.58 in present mode. */
  readonly fontScale: number;
  /** Where the pointer is, to draw a line there; null when it is elsewhere. */
  readonly hoverX: number | null;
  /** Default: the frame's own. */
  readonly figures?: TimelineFigures;
  /** The newest attempts to grow, oldest first. All others are known from the frame's history. */
  readonly growth?: readonly GrowthMoment[];
  /** The stretch of time that is selected. */
  readonly span?: TimeSpan | null;
  /** What is loaded after the first picture: it paints those two, and more about pools. */
  readonly later?: TimelineLayers | undefined;
  /** What was played besides the run's past. */
  readonly pasts?: readonly Past[];
  /** What runs beside the run, where the frame has one. */
  readonly ghost?: TimelineGhost;
}

/** Air above the highest capacity, as a share of it. */
export const HEADROOM = 1.06;
/** Labels of lines need so much room at the right. */
export const LABEL_ROOM_PX = 60;
/** The shortest stretch of time shown: 20 ms. */
const LEAST_SPAN_NS = 20e6;

/** 1, 2 or 5 times a power of ten: the smallest that is at least `ns`. */
function roundSpan(ns: number): number {
  const decade = 10 ** Math.floor(Math.log10(ns));
  return decade * ([1, 2, 5].find((step) => step * decade >= ns) ?? 10);
}

/** How far the run was played on its branch: now, or later when it was taken back. */
export function knownNs(frame: FrameView): number {
  return Math.max(frame.head(HEADER.timeNs), frame.head(HEADER.knownNs));
}

/**
 * Virtual time that the whole width stands for: the run as far as it was played with room to go on, never more than
 * the run takes. Runs are watched in slow motion and may be thousands of times longer than what was
 * seen of them; drawn to their end, the first minutes would be a hair at the left edge.
 */
export function timelineSpanNs(frame: FrameView): number {
  const timeNs = Math.max(knownNs(frame), frame.head(HEADER.shownNs));
  const endNs = frame.head(HEADER.endNs);
  const span = roundSpan(Math.max(LEAST_SPAN_NS, timeNs));
  return endNs > 0 ? Math.max(1, timeNs, Math.min(span, endNs)) : span;
}

/** Width of the plot, CSS px; 0 or less where there is no room for one. */
export function plotWidth({ widthPx, leftPx, rightPx }: TimelineBox): number {
  return widthPx - leftPx - rightPx;
}

/** Virtual ns that a CSS px stands for. */
export function nsPerPx(frame: FrameView, box: TimelineBox): number {
  return timelineSpanNs(frame) / Math.max(1, plotWidth(box));
}

/** Where a moment is on the canvas, CSS px. */
export function placeOf(frame: FrameView, box: TimelineBox, timeNs: number): number {
  return box.leftPx + timeNs / nsPerPx(frame, box);
}

/** A frame with the places of its values on the canvas. */
export interface Chart {
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

/** Where a moment is on the plot, CSS px. */
export function xOf(chart: Pick<Chart, 'plot' | 'spanNs'>, timeNs: number): number {
  const { left, right } = chart.plot;
  return left + ((right - left) * Math.min(timeNs, chart.spanNs)) / chart.spanNs;
}

/** The most slots of all pools together, transient ones included. */
function stackMost(frame: FrameView, filled: number): number {
  const capacity = frame.series(SERIES.capacity);
  const transient = frame.series(SERIES.transientMax);
  let most = 0;
  for (let bucket = 0; bucket < filled; bucket++) {
    most = Math.max(most, (capacity[bucket] as number) + (transient[bucket] as number));
  }
  return most;
}

function plotOf(frame: FrameView, box: TimelineBox, pasts: readonly Past[]): Plot {
  const filled = frame.head(HEADER.bucketsFilled);
  const capacity = Math.max(
    stackMost(frame, filled),
    highestOf(frame.series(SERIES.usedMax), filled),
    frame.head(HEADER.nslabs),
    ghostMost(frame),
    // Capacity that is known to come keeps the scale as it is.
    ...pasts.map((past) =>
      highestOf(past.series.subarray(SERIES.capacity * HISTORY_BUCKETS), past.filled),
    ),
  );
  return {
    left: box.leftPx,
    right: box.widthPx - box.rightPx,
    top: box.topPx,
    bottom: box.heightPx - box.bottomPx,
    most: capacity * HEADROOM,
  };
}

export function chartOf(
  ctx: CanvasRenderingContext2D,
  frame: FrameView,
  box: TimelineBox,
  look: { palette: Palette; options: TimelineOptions },
): Chart {
  const plot = plotOf(frame, box, look.options.pasts ?? []);
  const spanNs = timelineSpanNs(frame);
  const filled = frame.head(HEADER.bucketsFilled);
  const nowNs = frame.head(HEADER.timeNs);
  const past = { ...plot, right: xOf({ plot, spanNs }, nowNs) };
  return { ctx, frame, box, plot, past, spanNs, filled, ...look };
}

/** Size of labels and axes. */
export function labelPx(chart: Chart): number {
  return Math.round(11 * chart.options.fontScale);
}
