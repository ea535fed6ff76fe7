import type { Scenario } from '../../engine/scenario.ts';
import { argued, SSD, THROTTLING, throttled } from './parts.ts';

/** The self-deadlock that a real kernel showed, with that recording beside it. */
export const batchDeadlock: Scenario = {
  ...THROTTLING,
  id: 'batch-deadlock',
  title: 'The deadlock no one mentioned',
  watch:
    'One call submits 32 requests: the 24th takes the semaphore, the 25th waits for its unmap, and the device is told of none before all are mapped. Raise the thresholds: newcomers pass, these never move.',
  seed: 12,
  machine: {
    memoryMiB: 1024,
    cpus: 4,
    encrypted: false,
    dynamic: false,
    commandLine: 'root=/dev/nvme0n1p1 ro swiotlb=1024,force',
  },
  devices: [
    {
      ...SSD,
      note: 'one io_submit of 32',
      ratePerSecond: 1000,
      depth: 64,
      readShare: 1,
      tasks: 1,
      batch: 32,
    },
    {
      ...SSD,
      name: 'nvme1',
      note: 'single small reads',
      ratePerSecond: 400,
      depth: 64,
      sizes: [{ bytes: 4096, weight: 1 }],
      readShare: 1,
      latencyUs: 200,
      // Each read is a process of its own, as far as 64 go.
      tasks: 64,
      startMs: 3,
    },
  ],
  throttle: throttled('rfc'),
  beside: { kind: 'recording', name: 'thr-deadlock-4cpu' },
  openAtMs: 0,
  speed: 0.002,
  argument: argued(
    11,
    'Said by nobody in the thread: recorded from a kernel with the RFC (thr-deadlock-4cpu), where one io_submit of 32 hangs for ever.',
  ),
};
