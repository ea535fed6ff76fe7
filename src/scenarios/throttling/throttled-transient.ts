import type { Scenario } from '../../engine/scenario.ts';
import { argued, NETWORK, SSD, THROTTLING, throttled } from './parts.ts';

/** Throttling and growing together: the flag travels with a pool of one request. */
export const throttledTransient: Scenario = {
  ...THROTTLING,
  id: 'throttled-transient',
  title: 'Throttled, then transient',
  watch:
    'A throttled request finds no room and gets a pool of its own; its flag lies in that pool, and the unmap that frees the pool passes the semaphore on. Growing never moves the thresholds.',
  seed: 16,
  machine: {
    memoryMiB: 256,
    cpus: 2,
    encrypted: false,
    dynamic: true,
    commandLine: 'root=/dev/nvme0n1p1 ro swiotlb=512,force',
  },
  devices: [
    {
      ...SSD,
      ratePerSecond: 4000,
      depth: 32,
      latencyUs: 2000,
      sizes: [{ bytes: 131_072, weight: 1 }],
      tasks: 16,
      startMs: 2,
    },
    { ...NETWORK, ratePerSecond: 6000, depth: 64, burst: 10, latencyUs: 2500 },
  ],
  openAtMs: 3.6,
  throttle: throttled('rfc'),
  speed: 0.0005,
  argument: argued(
    9,
    'Cover letter, on memory that grows: with CONFIG_SWIOTLB_DYNAMIC the size could follow the load by itself; Petr Tesarik answers, basic throttling first.',
  ),
};
