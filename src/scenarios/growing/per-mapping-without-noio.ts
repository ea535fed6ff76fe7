import type { DeviceSpec, MachineSpec, Scenario } from '../../engine/scenario.ts';
import { GROWING } from './parts.ts';

/** A small confidential guest, all of whose memory is page cache still to be written. */
const GUEST: MachineSpec = {
  memoryMiB: 512,
  cpus: 4,
  encrypted: true,
  dynamic: false,
  mode: 'per-mapping',
  commandLine: 'console=ttyS0 root=/dev/vda1',
};

/** Writes of up to half a MiB in pieces of a few pages, from eight tasks. */
const DISK: DeviceSpec = {
  name: 'vda',
  kind: 'virtio-blk',
  note: 'disk, all memory waits for it',
  ratePerSecond: 1000,
  depth: 32,
  sizes: [
    { bytes: 65_536, weight: 20 },
    { bytes: 524_288, weight: 1 },
  ],
  readShare: 0,
  latencyUs: 250,
  latencySpread: 0.3,
  bytesPerUs: 400,
  parallel: 4,
  highMemoryShare: 0,
  contiguity: 0.3,
  startMs: 1,
  burst: 1,
  tasks: 8,
  maySleep: true,
  writeback: true,
};

/** Tasks hold half of what they need and wait for the rest, which only their own writes would free. */
export const perMappingWithoutNoio: Scenario = {
  ...GROWING,
  id: 'per-mapping-without-noio',
  title: 'Per-mapping buffers without NOIO',
  watch:
    'Each piece of a write gets pages of its own, and may wait for memory. All memory waits to be written to this disk: at 72 ms all tasks sleep for a write to end, and none is left to end. Under GFP_NOIO, which starts no I/O, they use the pool.',
  machine: GUEST,
  devices: [DISK],
  lengthMs: 20_000,
  speed: 0.005,
  openAtMs: 50,
  beside: { kind: 'mode', mode: 'per-mapping-noio' },
};
