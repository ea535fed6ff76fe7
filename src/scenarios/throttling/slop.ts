import type { Scenario } from '../../engine/scenario.ts';
import { argued, guest, SSD, THROTTLING, throttled } from './parts.ts';

/** The check is one unlocked read: several CPUs pass it on the same number. */
export const slop: Scenario = {
  ...THROTTLING,
  id: 'slop',
  title: 'Slop',
  watch:
    'Sixty-four CPUs read the use just below high_throttle and pass, then queue for the one lock: the peak overshoots by the sum of what they map, not by one request.',
  seed: 64,
  // One lock for all: whoever spins for it has read the use long before it takes its slots.
  machine: { ...guest(64, 8192), commandLine: 'root=/dev/nvme0n1p1 ro swiotlb=8192,1' },
  devices: [
    {
      ...SSD,
      ratePerSecond: 20_000,
      depth: 1000,
      sizes: [{ bytes: 258_048, weight: 1 }],
      latencyUs: 4000,
      bytesPerUs: 6000,
      tasks: 64,
      burst: 1000,
    },
  ],
  openAtMs: 15,
  throttle: throttled('rfc'),
  argument: argued(
    2,
    'Cover letter, "Discussion": several requests can proceed just under the threshold at once; Petr Tesarik agrees that this beats a bottleneck.',
  ),
};
