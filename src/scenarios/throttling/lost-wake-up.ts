import type { Scenario } from '../../engine/scenario.ts';
import { argued, guest, NETWORK, SSD, THROTTLING, throttled } from './parts.ts';

/** A rival rule that sounds simpler: wake one when an unmap takes the use below the threshold. */
export const lostWakeUp: Scenario = {
  ...THROTTLING,
  id: 'lost-wake-up',
  title: 'Lost wake-up',
  watch:
    'Two tasks sleep, one unmap crosses the threshold and wakes the first; its own unmap crosses nothing, so the second sleeps on beside an empty pool, until some later burst crosses by chance.',
  seed: 5,
  machine: guest(2, 512),
  devices: [
    {
      ...SSD,
      ratePerSecond: 600,
      depth: 16,
      sizes: [{ bytes: 4096, weight: 1 }],
      latencyUs: 300,
      tasks: 8,
    },
    { ...NETWORK, ratePerSecond: 1500, depth: 32, burst: 12, latencyUs: 2500 },
  ],
  openAtMs: 20,
  throttle: throttled('wake-below'),
  beside: { kind: 'policy', policy: 'rfc' },
  argument: argued(
    5,
    'A rival put forward in the replies: release a waiter whenever an unmap takes the use below the threshold.',
  ),
};
