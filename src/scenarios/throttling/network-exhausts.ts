import type { Scenario } from '../../engine/scenario.ts';
import { argued, guest, NETWORK, SSD, THROTTLING, throttled } from './parts.ts';

/** Who can't block is never throttled, and takes the rest. */
export const networkExhausts: Scenario = {
  ...THROTTLING,
  id: 'network-exhausts',
  title: 'The network takes it all',
  watch:
    'Network and USB drivers cannot block: their burst fills the pool past every threshold, packets drop, and throttled NVMe maps fail too, giving the semaphore back each time.',
  seed: 7,
  machine: guest(4, 2048),
  devices: [
    { ...SSD, ratePerSecond: 8000, depth: 64, latencyUs: 1500, tasks: 32 },
    { ...NETWORK, ratePerSecond: 24_000, depth: 256, burst: 10, latencyUs: 4000 },
    {
      ...SSD,
      name: 'sdb',
      kind: 'uas',
      note: 'USB disk',
      ratePerSecond: 300,
      depth: 16,
      sizes: [{ bytes: 131_072, weight: 1 }],
      latencyUs: 2500,
      bytesPerUs: 400,
      parallel: 16,
    },
  ],
  openAtMs: 33,
  throttle: throttled('rfc'),
  beside: { kind: 'policy', policy: 'none' },
  argument: argued(
    7,
    'Cover letter: network drivers generally cannot be throttled, so memory can still be exhausted; Petr Tesarik adds that packets may be lost, I/O may not.',
  ),
};
