/** What the kernel's files say, from what the page shows: `cat` and the page never disagree. */
import type { PageState } from '../page-state.ts';
import type { PoolReadout, Readout } from '../readout.ts';
import type { MachineSummary } from '../reports.ts';
import type { KernelCounters, RegionCounters } from './file-tree.ts';

type Known = Pick<PageState, 'readout' | 'machine'> & Partial<Pick<PageState, 'buddyinfo'>>;

/** Null before the first picture of a machine. */
export function countersOf({ readout, machine, buddyinfo = null }: Known): KernelCounters | null {
  if (!readout || !machine) return null;
  const { transientNslabs, throttle } = readout;
  const restricted = readout.pools.filter(({ kind }) => kind === 'restricted');
  // The page counts all allocators together; the default one has what the restricted ones have not.
  const own = (field: 'nslabs' | 'used' | 'hiwater') =>
    restricted.reduce((rest, pool) => rest - pool[field], readout[field]);
  return {
    nslabs: own('nslabs'),
    used: own('used'),
    hiwater: own('hiwater'),
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
    regions: restricted.map((pool) => regionOf(pool, machine, readout)),
  };
}

function regionOf(pool: PoolReadout, machine: MachineSummary, readout: Readout): RegionCounters {
  const { nslabs, used, hiwater, region } = pool;
  return {
    name: machine.regions?.[region] ?? '',
    nslabs,
    used,
    hiwater,
    // It never grows, but a kernel that can has the file all the same.
    transientNslabs: machine.dynamic ? 0 : null,
    throttle: readout.throttle.policy === 'none' ? null : pool.throttle,
  };
}
