import type { Scenario } from '../../engine/scenario.ts';
import { argued, guest, SSD, THROTTLING, throttled } from './parts.ts';

/** Two thresholds, so that a newcomer does not overtake those who wait. Azure's storage driver. */
export const hysteresis: Scenario = {
  ...THROTTLING,
  id: 'hysteresis',
  title: 'Two thresholds',
  watch:
    'Between the two thresholds a newcomer joins the queue while the semaphore is held; beside it, with high alone, newcomers pass those who already wait.',
  seed: 65,
  machine: guest(4, 2048),
  devices: [
    {
      ...SSD,
      name: 'sda',
      kind: 'storvsc',
      note: 'Azure disk',
      ratePerSecond: 9000,
      depth: 128,
      sizes: [
        { bytes: 4096, weight: 40 },
        { bytes: 65_536, weight: 60 },
      ],
      latencyUs: 4000,
      contiguity: 0.3,
      tasks: 64,
      burst: 2,
    },
  ],
  openAtMs: 15,
  throttle: throttled('rfc'),
  beside: { kind: 'policy', policy: 'rfc-high-only' },
  argument: argued(
    3,
    'Patch 1 of the RFC, which brings high_throttle and low_throttle as a pair: the second keeps newcomers behind those who wait.',
  ),
};
