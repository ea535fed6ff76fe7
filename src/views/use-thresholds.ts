import { useEffect, useState } from 'react';
import type { ThrottleReadout } from '../store/throttle-readout.ts';
import type { Threshold } from '../store/throttle.ts';
import { page } from '../store/the-page.ts';

/** A value that was set is believed so long, should no frame ever show it. */
const BELIEVED_MS = 1500;

interface Pair {
  readonly high: number;
  readonly low: number;
}

export interface Thresholds extends Pair {
  /** Sets one, within the capacity; the other is pushed along. */
  set(which: Threshold, slots: number): void;
}

/** The pair after a handle was moved: as `ThrottleActions.setByHandle` sets it. */
export function pushed(pair: Pair, which: Threshold, slots: number): Pair {
  return which === 'high'
    ? { high: slots, low: Math.min(pair.low, slots) }
    : { high: Math.max(pair.high, slots), low: slots };
}

/**
 * The thresholds as they are. While a handle is moved they are what it was moved to, at once; then
 * what the frames say, so that handles, shell and scenario are one state.
 */
export function useThresholds(throttle: ThrottleReadout, capacity: number): Thresholds {
  const { highThrottle, lowThrottle } = throttle;
  const [set, setSet] = useState<Pair | null>(null);
  useEffect(() => {
    if (!set) return undefined;
    const isShown = set.high === highThrottle && set.low === lowThrottle;
    const timer = setTimeout(() => setSet(null), isShown ? 0 : BELIEVED_MS);
    return () => clearTimeout(timer);
  }, [set, highThrottle, lowThrottle]);
  const pair = set ?? { high: highThrottle, low: lowThrottle };
  return {
    ...pair,
    set: (which, slots) => {
      const wanted = Math.min(capacity, Math.max(0, Math.round(slots)));
      setSet(pushed(pair, which, wanted));
      page.throttle.setByHandle(which, wanted);
    },
  };
}
