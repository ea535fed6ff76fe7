import type { Scenario } from '../../engine/scenario.ts';
import { argued, SSD, THROTTLING, throttled } from './parts.ts';

/** The maintainer's counter-proposal: wait a little, then make room. */
export const waitThenGrow: Scenario = {
  ...THROTTLING,
  id: 'wait-then-grow',
  title: 'Wait, then grow',
  watch:
    'Who finds the use high waits for room, but only 5 ms: then it makes a pool of its own, which stays. Nobody starves and memory grows without a bound.',
  seed: 77,
  machine: {
    memoryMiB: 512,
    cpus: 4,
    encrypted: false,
    dynamic: true,
    commandLine: 'root=/dev/nvme0n1p1 ro swiotlb=2048,force',
  },
  devices: [{ ...SSD, ratePerSecond: 4000, depth: 256, latencyUs: 4000, tasks: 64, burst: 4 }],
  openAtMs: 88,
  throttle: throttled('timeout-grow', { timeoutMs: 5 }),
  beside: { kind: 'policy', policy: 'rfc' },
  argument: argued(
    8,
    'Counter-proposal of the DMA maintainer: a request that may block can wait a while, then allocate, since it may sleep in the page allocator.',
  ),
};
