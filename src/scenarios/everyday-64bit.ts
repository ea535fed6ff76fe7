import type { Scenario } from '../engine/scenario.ts';

/** The first lesson: devices that reach all memory need no bounce buffers. */
export const everyday64Bit: Scenario = {
  id: 'everyday-64bit',
  title: 'Everyday 64-bit machine',
  watch:
    'Nothing happens in the pool: every device reaches every address, so each buffer is used where it lies.',
  seed: 64,
  machine: {
    memoryMiB: 16384,
    cpus: 8,
    encrypted: false,
    dynamic: false,
    commandLine: 'root=/dev/nvme0n1p2 ro quiet',
  },
  devices: [
    {
      name: 'nvme0',
      kind: 'nvme',
      note: 'local SSD',
      ratePerSecond: 30000,
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
      highMemoryShare: 0.81,
      contiguity: 0.985,
      burst: 1,
    },
    {
      name: 'eth0',
      kind: 'virtio-net',
      note: 'network',
      ratePerSecond: 60000,
      depth: 1280,
      sizes: [
        { bytes: 242, weight: 40 },
        { bytes: 1514, weight: 50 },
        { bytes: 65226, weight: 10 },
      ],
      readShare: 0.5,
      latencyUs: 350,
      latencySpread: 0.5,
      bytesPerUs: 1000,
      parallel: 256,
      highMemoryShare: 0.81,
      contiguity: 1,
      burst: 2,
    },
  ],
  lengthMs: 20000,
  speed: 0.01,
  openAtMs: 40,
};
