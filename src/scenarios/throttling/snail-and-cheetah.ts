import type { Scenario } from '../../engine/scenario.ts';
import { argued, guest, NETWORK, SSD, THROTTLING, throttled } from './parts.ts';

/** One semaphore for all devices: the fast one waits for the slow one's unmap. */
export const snailAndCheetah: Scenario = {
  ...THROTTLING,
  id: 'snail-and-cheetah',
  title: 'Snail and cheetah',
  watch:
    'A network burst lifts the use, the slow disk takes the semaphore, the burst goes: half the memory is free, and the fast disk still waits for the slow one to finish.',
  seed: 27,
  machine: guest(4, 2048),
  devices: [
    {
      ...SSD,
      note: 'fast disk',
      ratePerSecond: 6000,
      depth: 64,
      sizes: [{ bytes: 16_384, weight: 1 }],
      latencyUs: 300,
      tasks: 16,
    },
    {
      ...SSD,
      name: 'nvme1',
      note: 'slow network disk',
      ratePerSecond: 60,
      depth: 8,
      sizes: [{ bytes: 65_536, weight: 1 }],
      latencyUs: 80_000,
      latencySpread: 0.3,
      bytesPerUs: 200,
      parallel: 2,
      tasks: 8,
    },
    { ...NETWORK, ratePerSecond: 2400, depth: 64, burst: 10, latencyUs: 6000 },
  ],
  openAtMs: 38,
  throttle: throttled('rfc', { starvedMs: 50 }),
  beside: { kind: 'policy', policy: 'none' },
  argument: argued(
    4,
    'Replies to the RFC on its global semaphore: whoever holds it, however slow, holds up every other device.',
  ),
};
