import type { Scenario } from '../../engine/scenario.ts';
import { argued, guest, SSD, THROTTLING, throttled } from './parts.ts';

/** One CPU alone, one request after the other, fills the pool as well. */
export const serialising: Scenario = {
  ...THROTTLING,
  id: 'serialising',
  title: 'One CPU is enough',
  watch:
    'One CPU submits one request after another and never two at once, yet the pool fills and maps fail: taking turns delays that, only holding back until an unmap prevents it.',
  seed: 88,
  machine: guest(1, 2048),
  devices: [
    {
      ...SSD,
      ratePerSecond: 400_000,
      depth: 256,
      latencyUs: 20_000,
      bytesPerUs: 6000,
      parallel: 512,
      tasks: 64,
    },
    {
      ...SSD,
      name: 'sda',
      kind: 'ahci',
      note: 'SATA disk',
      ratePerSecond: 200,
      depth: 32,
      sizes: [{ bytes: 65_536, weight: 1 }],
      latencyUs: 5000,
      bytesPerUs: 300,
      parallel: 1,
    },
  ],
  throttle: throttled('none'),
  beside: { kind: 'policy', policy: 'rfc' },
  openAtMs: 0,
  speed: 0.0002,
  argument: argued(
    8,
    'Objection of the DMA maintainer in the replies: serialising requests does not make them use less memory.',
  ),
};
