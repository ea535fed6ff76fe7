/** What of the throttle is worth hearing: only what begins, and each once. */
import type { Readout } from '../store/readout.ts';
import { stallOf } from './narrator-throttle.ts';
import { plural } from './words.ts';

/** What was true of the throttle at a moment, as far as news go. */
export interface ThrottleMark {
  readonly isThrottling: boolean;
  readonly starved: number;
  readonly isStalled: boolean;
}

/** `isThrottling` is of the last stretch: a queue that empties for a moment begins nothing anew. */
export function throttleMark(readout: Readout): ThrottleMark {
  return {
    isThrottling: readout.recent.waiting > 0,
    starved: readout.throttle.report.starved,
    isStalled: stallOf(readout) !== null,
  };
}

/** The news between two moments; null when there is none, or time was set back. */
export function throttleNews(before: ThrottleMark, now: ThrottleMark): string | null {
  if (now.isStalled && !before.isStalled) {
    return 'Nobody is left to wake the queue of the throttle.';
  }
  if (now.starved > before.starved) {
    return `${plural(now.starved, 'request has', 'requests have')} starved in the throttle.`;
  }
  if (now.isThrottling && !before.isThrottling) return 'Throttling begins: a request waits.';
  return null;
}
