/** What the kernel's files say, from what the page shows: `cat` and the page never disagree. */
import type { PageState } from '../page-state.ts';
import type { KernelCounters } from './file-tree.ts';

type Known = Pick<PageState, 'readout' | 'machine'> & Partial<Pick<PageState, 'buddyinfo'>>;

/** Null before the first picture of a machine. */
export function countersOf({ readout, machine, buddyinfo = null }: Known): KernelCounters | null {
  if (!readout || !machine) return null;
  const { nslabs, used, hiwater, transientNslabs, throttle } = readout;
  return {
    nslabs,
    used,
    hiwater,
    buddyinfo,
    transientNslabs: machine.dynamic ? transientNslabs : null,
    throttle:
      throttle.policy === 'none'
        ? null
        : {
            high: throttle.highThrottle,
            low: throttle.lowThrottle,
            highCount: throttle.highThrottleCount,
            lowCount: throttle.lowThrottleCount,
          },
  };
}
