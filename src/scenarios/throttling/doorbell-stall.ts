import type { Scenario } from '../../engine/scenario.ts';
import { argued, guest, NETWORK, SSD, THROTTLING, throttled } from './parts.ts';

/** One CPU, one queue: what is mapped waits for somebody else's doorbell. */
export const doorbellStall: Scenario = {
  ...THROTTLING,
  id: 'doorbell-stall',
  title: 'Nobody rings the bell',
  watch:
    'One CPU, one queue: a batch sleeps behind its own first requests, which the device has not been told of. The network’s memory is free again, and still all wait until some other request comes along and rings.',
  seed: 52,
  machine: guest(1, 1024),
  devices: [
    {
      ...SSD,
      note: 'batches of 8',
      ratePerSecond: 16,
      depth: 64,
      sizes: [{ bytes: 65_536, weight: 1 }],
      readShare: 1,
      latencyUs: 500,
      tasks: 12,
      batch: 8,
    },
    { ...NETWORK, ratePerSecond: 1700, depth: 32, burst: 10, latencyUs: 6000 },
  ],
  openAtMs: 34,
  throttle: throttled('rfc'),
  beside: { kind: 'policy', policy: 'none' },
  argument: argued(
    12,
    'Said by nobody in the thread: recorded from a kernel with the RFC (thr-doorbell-1cpu), where a batch stood for 3.1 s.',
  ),
};
