import type { Scenario } from '../engine/scenario.ts';

/** A live-lock as in the recording of that name: the request can never fit beside its own header. */
export const stuck: Scenario = {
  id: 'stuck',
  title: 'Stuck',
  watch:
    'The 256 KiB read needs all 128 slots, but its own 16-byte header holds one of them: mapped, failed, undone, tried again every 8 ms, for ever.',
  seed: 8,
  machine: {
    memoryMiB: 1024,
    cpus: 1,
    encrypted: false,
    dynamic: false,
    commandLine: 'root=/dev/vda1 ro swiotlb=128,force',
  },
  devices: [
    {
      name: 'vda',
      kind: 'virtio-blk',
      note: 'the only disk',
      ratePerSecond: 400,
      depth: 1,
      sizes: [
        { bytes: 4096, weight: 40 },
        { bytes: 16384, weight: 12 },
        { bytes: 262144, weight: 1 },
      ],
      readShare: 1,
      latencyUs: 300,
      latencySpread: 0.5,
      bytesPerUs: 600,
      parallel: 1,
      highMemoryShare: 0,
      contiguity: 1,
      startMs: 0,
      burst: 1,
    },
  ],
  lengthMs: 20000,
  speed: 0.01,
  openAtMs: 0,
};
