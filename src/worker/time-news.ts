/** What the page has been told of where the run stands and of its branches. */
import type { BranchSummary, Ghost } from '../engine/branches.ts';
import { HISTORY_BUCKETS } from '../engine/frame.ts';
import type { Timeline } from '../engine/timeline.ts';
import type { PastLine, Report } from './protocol.ts';

/** While the run goes on, the page is told its end so often, wall ms. */
const TELL_MS = 250;
/** Rows of `SERIES` that a line of the past is drawn from: use, capacity, peak and failures. */
const LINE_ROWS = 5;

/** One for each session. */
export class TimeNews {
  #toldMs = -Infinity;
  /** What changes seldom, and all of it. */
  #lasting = '';
  #told = '';
  #ghosts: readonly (Ghost | null)[] = [];

  /** The reports to post, if anything has changed since it was asked last. */
  of(timeline: Timeline, serial: number, playing: boolean, nowMs: number): readonly Report[] {
    const { place, end, keyframes, branches } = timeline;
    const marks = branches.map(({ id, name, isCurrent }) => `${id} ${name} ${isCurrent}`);
    const lasting = `${marks.join()} ${timeline.isAtEnd}`;
    const told = `${lasting} ${place.event} ${place.timeNs}`;
    const isSoon = playing && lasting === this.#lasting && nowMs - this.#toldMs < TELL_MS;
    if (told === this.#told || isSoon) return [];
    this.#lasting = lasting;
    this.#told = told;
    this.#toldMs = nowMs;
    const report: Report = {
      kind: 'place',
      serial,
      event: place.event,
      timeNs: place.timeNs,
      endEvent: end.event,
      endNs: end.timeNs,
      moments: timeline.moments.kindsOf(place.event),
      keyframes,
      branches,
    };
    return [report, ...this.#lines(timeline, serial, branches)];
  }

  #lines(
    timeline: Timeline,
    serial: number,
    branches: readonly BranchSummary[],
  ): readonly Report[] {
    const ghosts = branches.map(({ id }) => timeline.ghost(id));
    const before = this.#ghosts;
    const isSame = ghosts.length === before.length && ghosts.every((one, at) => one === before[at]);
    if (isSame) return [];
    this.#ghosts = ghosts;
    const lines = branches.flatMap((branch, at) => {
      const ghost = ghosts[at] ?? null;
      return ghost === null ? [] : [lineOf(branch, ghost)];
    });
    return [{ kind: 'pasts', serial, lines }];
  }
}

function lineOf(branch: BranchSummary, { bucketNs, filled, series }: Ghost): PastLine {
  const { id, name, forkNs, endNs } = branch;
  const rows = series.slice(0, LINE_ROWS * HISTORY_BUCKETS);
  return { id, name, forkNs, endNs, bucketNs, filled, series: rows };
}
