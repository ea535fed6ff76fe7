import type { Fields } from './fields.ts';
import { THRESHOLD_LIMIT, type ThrottleCounts, type ThrottleHeader } from './throttle-columns.ts';

const COUNT_LIMIT = Number.MAX_SAFE_INTEGER;
const SEM_LIMIT = 2 ** 31 - 1;

/** What the header of a recording announces of the throttle, -1 where it does not. */
export interface AnnouncedThrottle {
  readonly mayBlock: number;
  readonly high: number;
  readonly low: number;
  readonly waited: number;
}

/**
 * Checks what line 1 says of the throttle; null in a recording of a kernel without one.
 *
 * @throws TraceFault for the first field that is not what it must be.
 */
export function checkThrottleHeader(fields: Fields): ThrottleHeader | null {
  if (!fields.present('throttle')) return null;
  const throttle = fields.inner('throttle');
  const orNull = (name: string) =>
    throttle.present(name) ? throttle.whole(name, 0, THRESHOLD_LIMIT) : null;
  return {
    high: throttle.whole('high', 0, THRESHOLD_LIMIT),
    low: throttle.whole('low', 0, THRESHOLD_LIMIT),
    semCount: throttle.wholeOr('semCount', 0, SEM_LIMIT, 1),
    countStart: countsOf(throttle, 'countStart'),
    countEnd: countsOf(throttle, 'countEnd'),
    highEnd: orNull('highEnd'),
    lowEnd: orNull('lowEnd'),
  };
}

function countsOf(throttle: Fields, name: string): ThrottleCounts {
  if (!throttle.present(name)) return { high: null, low: null };
  const counts = throttle.inner(name);
  const count = (which: string) =>
    counts.present(which) ? counts.whole(which, 0, COUNT_LIMIT) : null;
  return { high: count('high'), low: count('low') };
}

/** The numbers of throttled maps that the header announces. */
export function announcedThrottle(fields: Fields): AnnouncedThrottle {
  const count = (name: string) => fields.wholeOr(name, 0, COUNT_LIMIT, -1);
  return {
    mayBlock: count('mayBlock'),
    high: count('throttledHigh'),
    low: count('throttledLow'),
    waited: count('waited'),
  };
}
