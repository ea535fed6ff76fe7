/** The histogram of waits: the part of it that says something, and its axis. */
import { WAIT_BINS, WAIT_BINS_PER_DECADE, WAIT_FIRST_NS } from '../engine/frame.ts';
import { duration } from './words.ts';

export interface WaitBar {
  readonly over: number;
  readonly ongoing: number;
}

export interface WaitRange {
  readonly bars: readonly WaitBar[];
  /** Decades at the edges and between, as they read, and where: 0 to 1. */
  readonly marks: readonly { readonly text: string; readonly at: number }[];
  /** The most in a bar, both kinds together. */
  readonly most: number;
}

/** Decades of the range while nothing has waited: 100 us to 100 ms. */
const EMPTY_FROM = 2;
const EMPTY_TO = 5;
const LEAST_DECADES = 3;
const DECADES = WAIT_BINS / WAIT_BINS_PER_DECADE;
/** More marks than this would touch. */
const MOST_MARKS = 5;

/** First decade and the one behind the last that are shown. */
function decadesOf(counts: readonly number[]): { from: number; to: number } {
  const first = counts.findIndex((count) => count > 0);
  if (first < 0) return { from: EMPTY_FROM, to: EMPTY_TO };
  const last = counts.findLastIndex((count) => count > 0);
  let from = Math.floor(first / WAIT_BINS_PER_DECADE);
  let to = Math.floor(last / WAIT_BINS_PER_DECADE) + 1;
  while (to - from < LEAST_DECADES) {
    if (from > 0) from--;
    else to++;
  }
  return { from, to: Math.min(DECADES, to) };
}

/** Whole decades around all waits there are. */
export function waitRange(over: readonly number[], ongoing: readonly number[]): WaitRange {
  const sums = over.map((count, bin) => count + (ongoing[bin] ?? 0));
  const { from, to } = decadesOf(sums);
  const decades = to - from;
  const bars = Array.from({ length: decades * WAIT_BINS_PER_DECADE }, (_, index) => {
    const bin = from * WAIT_BINS_PER_DECADE + index;
    return { over: over[bin] ?? 0, ongoing: ongoing[bin] ?? 0 };
  });
  const step = Math.ceil((decades + 1) / MOST_MARKS);
  const marks = Array.from({ length: decades + 1 }, (_, decade) => ({
    text: duration(WAIT_FIRST_NS * 10 ** (from + decade)),
    at: decade / decades,
  })).filter((_, decade) => decade % step === 0);
  return { bars, marks, most: Math.max(0, ...sums) };
}
