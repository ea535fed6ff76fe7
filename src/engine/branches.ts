/** Places in a run, and the branches that begin where somebody changed the past. */
import type { Moments } from './moments.ts';
import type { JournalEntry } from './simulation.ts';

/** A place in a run: behind so many events and changes, with the clock at that moment. */
export interface Place {
  readonly event: number;
  /** Virtual ns. */
  readonly timeNs: number;
  readonly changes: number;
}

/** Usage over time of a branch that was left, as it stood at its end. */
export interface Ghost {
  /** Virtual ns of a bucket, and buckets with something in them. */
  readonly bucketNs: number;
  readonly filled: number;
  /** As `History.series`: rows of `SERIES` and of devices, `HISTORY_BUCKETS` each. */
  readonly series: Float32Array;
}

/** One way a run went. It shares everything up to `fork` with its parent. */
export interface Branch {
  /** Counts branches from 1. */
  readonly id: number;
  readonly parent: Branch | null;
  /** Where it left its parent: the place of its first change of its own. */
  readonly fork: Place;
  name: string;
  /** Every change from the start of the run on. */
  readonly journal: JournalEntry[];
  /** The furthest place that was played. */
  end: Place;
  readonly moments: Moments;
  /** What its usage was; null while it was never left. */
  ghost: Ghost | null;
  /** Nobody sees it any more; it stays for the sake of what grew out of it. */
  isRemoved: boolean;
}

/** What may be told of a branch. */
export interface BranchSummary {
  readonly id: number;
  /** 0 for the first one. */
  readonly parent: number;
  readonly name: string;
  readonly forkEvent: number;
  readonly forkNs: number;
  readonly endEvent: number;
  readonly endNs: number;
  /** Changes from the start on. */
  readonly changes: number;
  /** The run is on it. */
  readonly isCurrent: boolean;
}

/** Whether `one` lies before `other` or is it. */
export function isUpTo(one: Place, other: Place): boolean {
  if (one.event !== other.event) return one.event < other.event;
  return one.timeNs <= other.timeNs && one.changes <= other.changes;
}

/** Whether a place of branch `of` is a place of `branch`, too. */
export function isShared(place: Place, of: Branch, branch: Branch): boolean {
  let fork: Place | null = null;
  for (let at: Branch | null = branch; at !== null; at = at.parent) {
    if (at === of) return fork === null || isUpTo(place, fork);
    ({ fork } = at);
  }
  return false;
}

/** What a page is told. */
export function summaryOfBranch(branch: Branch, current: Branch): BranchSummary {
  const { id, parent, name, fork, end, journal } = branch;
  return {
    id,
    parent: parent?.id ?? 0,
    name,
    forkEvent: fork.event,
    forkNs: fork.timeNs,
    endEvent: end.event,
    endNs: end.timeNs,
    changes: journal.length,
    isCurrent: branch === current,
  };
}
