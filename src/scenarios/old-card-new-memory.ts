import type { Scenario } from '../engine/scenario.ts';

/** A 32-bit device in a machine with memory above 4 GiB. */
export const oldCardNewMemory: Scenario = {
  id: 'old-card-new-memory',
  title: 'Old card, new memory',
  watch:
    'The old controller sda reaches only the first 4 GiB: its buffers above bounce, all others do not.',
  seed: 32,
  machine: {
    memoryMiB: 8192,
    cpus: 4,
    encrypted: false,
    dynamic: false,
    commandLine: 'root=/dev/nvme0n1p2 ro quiet',
  },
  devices: [
    {
      name: 'sda',
      kind: 'legacy32',
      note: '32-bit disk controller',
      ratePerSecond: 3600,
      depth: 31,
      sizes: [
        { bytes: 4096, weight: 20 },
        { bytes: 32768, weight: 30 },
        { bytes: 131072, weight: 50 },
      ],
      readShare: 0.6,
      latencyUs: 6000,
      latencySpread: 0.6,
      bytesPerUs: 450,
      parallel: 31,
      highMemoryShare: 0.62,
      contiguity: 0.97,
      burst: 1,
    },
    {
      name: 'nvme0',
      kind: 'nvme',
      note: 'local SSD, 64-bit',
      ratePerSecond: 20000,
      depth: 240,
      sizes: [
        { bytes: 4096, weight: 30 },
        { bytes: 16384, weight: 24 },
        { bytes: 65536, weight: 28 },
        { bytes: 131072, weight: 12 },
        { bytes: 258048, weight: 6 },
      ],
      readShare: 0.7,
      latencyUs: 900,
      latencySpread: 0.5,
      bytesPerUs: 3400,
      parallel: 128,
      highMemoryShare: 0.62,
      contiguity: 0.985,
      burst: 1,
    },
  ],
  lengthMs: 20000,
  speed: 0.01,
  openAtMs: 40,
};
