import type { Scenario } from '../../engine/scenario.ts';
import { argued, guest, NETWORK, SSD, THROTTLING, throttled } from './parts.ts';

/** The reviewer's wording of another rule: one small unmap lets one large request go. */
export const everyUnmapWakes: Scenario = {
  ...THROTTLING,
  id: 'every-unmap-wakes',
  title: 'Every unmap wakes one',
  watch:
    'An unmap of one slot lets a request of 126 go on: the use climbs far above high_throttle and maps fail, though everybody waited in order.',
  seed: 55,
  machine: guest(4, 4096),
  devices: [
    {
      ...SSD,
      ratePerSecond: 20_000,
      depth: 256,
      sizes: [{ bytes: 258_048, weight: 1 }],
      latencyUs: 6000,
      tasks: 128,
    },
    {
      ...NETWORK,
      ratePerSecond: 30_000,
      sizes: [{ bytes: 1514, weight: 1 }],
      burst: 1,
    },
  ],
  openAtMs: 12,
  throttle: throttled('wake-any'),
  beside: { kind: 'policy', policy: 'rfc' },
  argument: argued(
    5,
    'A reviewer of the RFC in the replies: wake one waiter on an unmap while somebody waits.',
  ),
};
