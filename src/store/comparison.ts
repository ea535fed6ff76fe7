/** The reports of the run and of what runs beside it, copied out of a frame. */
import { HEADER, REPORT, type FrameView } from '../engine/frame.ts';
import { POLICY_IDS, type PolicyId } from '../model/throttle-policies.ts';

type Figures = { readonly [field in Exclude<keyof typeof REPORT, 'policy'>]: number };

/** What `REPORT` says of one of the two. */
export interface ReportReadout extends Figures {
  readonly policy: PolicyId;
}

export interface Comparison {
  readonly run: ReportReadout;
  readonly beside: ReportReadout;
  /** How far what runs beside has come on its way to the run's moment: 1 = both stand there. */
  readonly progress: number;
  /** What runs beside is over, and before the run's moment: a short recording. */
  readonly isOver: boolean;
}

const FIELDS = Object.keys(REPORT) as (keyof typeof REPORT)[];

function reportOf(frame: FrameView, row: number): ReportReadout {
  const entries = FIELDS.map((name) => [name, frame.report(row, REPORT[name])] as const);
  const figures = Object.fromEntries(entries) as { [field in keyof typeof REPORT]: number };
  return { ...figures, policy: POLICY_IDS[figures.policy] ?? 'none' };
}

/** Null when nothing runs beside the run. */
export function comparisonOf(frame: FrameView): Comparison | null {
  if (!frame.counts.shadowed) return null;
  const timeNs = frame.head(HEADER.timeNs);
  const endNs = frame.head(HEADER.shadowEndNs);
  const atNs = frame.head(HEADER.shadowTimeNs);
  const targetNs = Math.min(timeNs, endNs);
  return {
    run: reportOf(frame, 0),
    beside: reportOf(frame, 1),
    progress: atNs >= targetNs ? 1 : atNs / targetNs,
    isOver: endNs < timeNs && atNs >= endNs,
  };
}
