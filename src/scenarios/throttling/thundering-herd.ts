import type { Scenario } from '../../engine/scenario.ts';
import { argued, guest, SSD, THROTTLING, throttled } from './parts.ts';

/** Everybody is woken, few find room, the rest go to the end of the queue. */
export const thunderingHerd: Scenario = {
  ...THROTTLING,
  id: 'thundering-herd',
  title: 'Thundering herd',
  watch:
    'Each crossing of low_throttle wakes the whole queue; the first few fill the room and the rest go back to sleep, at the end of the queue.',
  seed: 6,
  machine: guest(4, 2048),
  devices: [
    {
      ...SSD,
      ratePerSecond: 30_000,
      depth: 256,
      sizes: [{ bytes: 131_072, weight: 1 }],
      latencyUs: 2500,
      tasks: 128,
    },
  ],
  openAtMs: 30,
  throttle: throttled('wake-all'),
  beside: { kind: 'policy', policy: 'rfc' },
  argument: argued(
    6,
    'A rival considered in the replies: wake all waiters when the use crosses the threshold, and let them race.',
  ),
};
