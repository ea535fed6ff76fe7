/** What the growing scenarios are made of: one small machine, and one burst that is too large for it. */
import type { DeviceSpec, MachineSpec, Scenario } from '../../engine/scenario.ts';
import { SSD } from '../throttling/parts.ts';

/** A small machine that grows; its pool of 4 MiB is the largest block the page allocator has. */
export const SMALL: MachineSpec = {
  memoryMiB: 128,
  cpus: 4,
  encrypted: false,
  dynamic: true,
  commandLine: 'root=/dev/nvme0n1p1 ro swiotlb=2048,force',
};

/** Silent for most of its cycle, then all of its depth at once: 8 MiB. */
export const BURSTS: DeviceSpec = {
  ...SSD,
  ratePerSecond: 20_000,
  latencyUs: 3000,
  tasks: 32,
  startMs: 2,
  burst: 8,
};

/** The parts that all of them share. */
export const GROWING: Pick<
  Scenario,
  'group' | 'seed' | 'devices' | 'lengthMs' | 'speed' | 'openAtMs'
> = {
  group: 'growing',
  seed: 31,
  devices: [BURSTS],
  lengthMs: 20_000,
  speed: 0.0005,
  openAtMs: 10.9,
};
