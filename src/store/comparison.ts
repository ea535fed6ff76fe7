/** The run's report beside that of what runs beside it, and whether the two can be compared yet. */
import { HEADER, type FrameView } from '../engine/frame.ts';
import type { PolicyReport, ThrottleReadout } from './throttle-readout.ts';

export interface Comparison {
  readonly run: PolicyReport;
  readonly beside: PolicyReport;
  /** How far what runs beside has come on its way to the run's moment: 1 = both stand there. */
  readonly progress: number;
  /** What runs beside is over, and before the run's moment: a short recording. */
  readonly isOver: boolean;
}

/** Null when nothing runs beside the run; `throttle` as it was read from the same frame. */
export function comparisonOf(
  frame: FrameView,
  { report, shadow }: Pick<ThrottleReadout, 'report' | 'shadow'>,
): Comparison | null {
  if (shadow === null) return null;
  const timeNs = frame.head(HEADER.timeNs);
  const endNs = frame.head(HEADER.shadowEndNs);
  const atNs = frame.head(HEADER.shadowTimeNs);
  const targetNs = Math.min(timeNs, endNs);
  return {
    run: report,
    beside: shadow,
    progress: atNs >= targetNs ? 1 : atNs / targetNs,
    isOver: endNs < timeNs && atNs >= endNs,
  };
}
