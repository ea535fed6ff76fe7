import type { Scenario } from '../../engine/scenario.ts';
import { argued, guest, SSD, THROTTLING, throttled, VIRTIO_DISK } from './parts.ts';

/** What the RFC is for: many jobs at once, and a pool too small for all of them. */
export const spike: Scenario = {
  ...THROTTLING,
  id: 'spike',
  title: 'Spike',
  watch:
    'Sixty-four jobs want more memory than there is: above high_throttle they pass one by one, the peak stays there and nothing fails; without throttling maps fail and the other disk reports I/O errors.',
  seed: 20_240_822,
  machine: guest(4, 4096),
  devices: [
    { ...SSD, ratePerSecond: 40_000, depth: 512, parallel: 128, tasks: 64, burst: 4 },
    VIRTIO_DISK,
  ],
  openAtMs: 29,
  throttle: throttled('rfc'),
  beside: { kind: 'policy', policy: 'none' },
  argument: argued(
    1,
    'Cover letter of the RFC, "Approach": delay requests that may block when usage is high, to spread out a spike.',
  ),
};
