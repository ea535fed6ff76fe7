import type { Scenario } from '../../engine/scenario.ts';
import { BURSTS, GROWING } from './parts.ts';

/** What an encrypted guest shares with its host is shared in whole 2 MiB pages, or not at all. */
export const hugepagesOnly: Scenario = {
  ...GROWING,
  id: 'hugepages-only',
  title: 'Hugepages only',
  watch:
    'An encrypted guest shares its pools with the host in whole 2 MiB pages. The host splits none of its pages; the price is memory beyond what was asked for.',
  seed: 512,
  machine: {
    memoryMiB: 512,
    cpus: 4,
    encrypted: true,
    dynamic: true,
    mode: 'hugepage',
    commandLine: 'root=/dev/nvme0n1p1 ro swiotlb=512',
    ageing: { uptimeHours: 24, fill: 0.5, kernelShare: 0.05 },
  },
  devices: [{ ...BURSTS, ratePerSecond: 12_000, latencyUs: 1500, burst: 2, tasks: 16, depth: 64 }],
  openAtMs: 3,
  beside: { kind: 'mode', mode: 'dynamic' },
};
