/** Steps through a run, backward and forward, in grains of several sizes. */
import { USUAL_MOMENTS } from './moments.ts';
import type { Timeline } from './timeline.ts';

/**
 * How far a step goes: an event; a map or an unmap that the allocator decided; a moment
 * (`moments.ts`); a virtual millisecond.
 */
export type Grain = 'event' | 'decision' | 'moment' | 'tick';

const TICK_NS = 1_000_000;
/** A step forward looks at so many events that were not played before, and gives up. */
const MOST_NEW_EVENTS = 200_000;

/** What a step takes besides its grain. */
export interface StepOptions {
  /** Moments to stop at, or'ed `MOMENT`. */
  readonly kinds?: number;
  readonly maxEvents?: number;
}

/**
 * Steps forward.
 *
 * @returns false when there was nothing to stop at; the run stands where it looked last.
 */
export function next(timeline: Timeline, grain: Grain, options: StepOptions = {}): boolean {
  const { kinds = USUAL_MOMENTS, maxEvents = MOST_NEW_EVENTS } = options;
  if (grain === 'event') return timeline.stepForward();
  if (grain === 'tick') return nextTick(timeline);
  if (grain === 'moment' && isNextKnown(timeline, kinds)) return true;
  const hit = hitOf(timeline, grain, kinds);
  for (let looked = 0; looked < maxEvents; looked++) {
    if (!timeline.stepForward()) return false;
    if (hit()) return true;
  }
  return false;
}

function nextTick(timeline: Timeline): boolean {
  const { timeNs } = timeline.run;
  timeline.seekTime((Math.floor(timeNs / TICK_NS) + 1) * TICK_NS);
  return timeline.run.timeNs > timeNs;
}

/** Goes to the next moment that was noted; without one to the end of what is known, if none was forgotten. */
function isNextKnown(timeline: Timeline, kinds: number): boolean {
  const { run, moments } = timeline;
  if (run.event < moments.knownFrom) return false;
  const known = moments.after(run.event, kinds);
  if (known === -1) timeline.seekEnd();
  else timeline.seekEvent(known);
  return known !== -1;
}

/** Steps back. @returns false when there was nothing to stop at: the run stands where it stood. */
export function previous(timeline: Timeline, grain: Grain, options: StepOptions = {}): boolean {
  const { kinds = USUAL_MOMENTS } = options;
  const { run, moments } = timeline;
  if (grain === 'event') return timeline.stepBack();
  if (grain === 'tick') {
    if (run.timeNs === 0) return false;
    timeline.seekTime((Math.ceil(run.timeNs / TICK_NS) - 1) * TICK_NS);
    return true;
  }
  // From behind an event one steps back to it.
  const before = run.timeNs > run.eventNs ? run.event + 1 : run.event;
  if (grain === 'moment') {
    const known = moments.before(before, kinds);
    if (known !== -1) timeline.seekEvent(known);
    if (known !== -1 || moments.knownFrom === 0) return known !== -1;
  }
  return scanBack(timeline, grain, kinds, before);
}

/** Repeats stretch after stretch, the latest first, and goes to the last hit before `before`. */
function scanBack(timeline: Timeline, grain: Grain, kinds: number, before: number): boolean {
  const { event, timeNs, eventNs } = timeline.run;
  const isBehind = timeNs > eventNs;
  // This lays a keyframe a little before it: mostly the first stretch is enough.
  timeline.seekEvent(before - 1);
  for (let end = before - 1; end >= 0;) {
    let found = -1;
    const from = timeline.repeatStretch(end, () => {
      const hit = hitOf(timeline, grain, kinds);
      return () => {
        if (hit()) found = timeline.run.event;
      };
    });
    if (found !== -1) {
      timeline.seekEvent(found);
      return true;
    }
    if (from === -1) break;
    end = from;
  }
  timeline.seekEvent(event);
  if (isBehind) timeline.seekTime(timeNs);
  return false;
}

/** Whether the event just handled is one to stop at. */
function hitOf({ run, watch }: Timeline, grain: Grain, kinds: number): () => boolean {
  if (grain === 'moment') return () => (watch.kinds & kinds) !== 0;
  const { ledger } = run;
  const decisions = () => ledger.maps + ledger.unmaps + ledger.failedMaps;
  let last = decisions();
  return () => {
    const now = decisions();
    const isHit = now !== last;
    last = now;
    return isHit;
  };
}
