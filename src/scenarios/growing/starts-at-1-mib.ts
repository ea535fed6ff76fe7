import type { Scenario } from '../../engine/scenario.ts';
import { BURSTS, GROWING } from './parts.ts';

/** A pool of 1 MiB becomes as large as the load needs it, and no larger. */
export const startsAt1Mib: Scenario = {
  ...GROWING,
  id: 'starts-at-1-mib',
  title: 'Starts at 1 MiB',
  watch:
    'This pool has 1 MiB instead of the usual 64. Each time it is full, a worker adds 1 MiB; once there is enough, nothing more is asked for, and nothing is ever given back.',
  seed: 2023,
  machine: {
    memoryMiB: 512,
    cpus: 4,
    encrypted: true,
    dynamic: true,
    mode: 'dynamic',
    commandLine: 'root=/dev/nvme0n1p1 ro swiotlb=512',
  },
  devices: [{ ...BURSTS, ratePerSecond: 12_000, latencyUs: 1500, burst: 2, tasks: 16, depth: 64 }],
  openAtMs: 3,
  beside: { kind: 'mode', mode: 'fixed' },
};
