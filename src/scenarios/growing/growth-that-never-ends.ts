import type { DeviceSpec, Scenario } from '../../engine/scenario.ts';
import { BURSTS, GROWING } from './parts.ts';

const DISKS = 8;

/** Disks that are put to work one after another, each with short bursts. */
const disks: readonly DeviceSpec[] = Array.from({ length: DISKS }, (_, disk) => ({
  ...BURSTS,
  name: `nvme${disk}`,
  note: 'archive disk',
  startMs: 1 + 40 * disk,
}));

/** Every burst adds pools; nothing takes them away again. */
export const growthThatNeverEnds: Scenario = {
  ...GROWING,
  id: 'growth-that-never-ends',
  title: 'Growth that never ends',
  watch:
    'Disk after disk begins to send bursts, and each adds pools. Between bursts most of them are empty, but Linux gives none back, and knows no limit but memory itself.',
  seed: 8,
  machine: {
    memoryMiB: 128,
    cpus: 4,
    encrypted: false,
    dynamic: true,
    mode: 'dynamic',
    commandLine: 'root=/dev/nvme0n1p1 ro swiotlb=2048,force',
  },
  devices: disks,
  speed: 0.005,
  openAtMs: 45,
  beside: { kind: 'mode', mode: 'fixed' },
};
