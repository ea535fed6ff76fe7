import type { Scenario } from '../engine/scenario.ts';

/** The same load as `oneAreaManyCpus`, with an area for each CPU. */
export const anAreaEach: Scenario = {
  id: 'an-area-each',
  title: 'An area each',
  watch:
    'The load of One area, many CPUs, with an area and a lock for each CPU: hardly anyone spins.',
  seed: 32,
  machine: {
    memoryMiB: 4096,
    cpus: 32,
    encrypted: false,
    dynamic: false,
    commandLine: 'root=/dev/nvme0n1p1 ro swiotlb=32768,32,force',
  },
  devices: [
    {
      name: 'nvme0',
      kind: 'nvme',
      note: 'fast SSD, small reads',
      ratePerSecond: 1800000,
      depth: 512,
      sizes: [
        { bytes: 4096, weight: 60 },
        { bytes: 8192, weight: 25 },
        { bytes: 16384, weight: 15 },
      ],
      readShare: 0.8,
      latencyUs: 120,
      latencySpread: 0.3,
      bytesPerUs: 12000,
      parallel: 512,
      highMemoryShare: 0,
      contiguity: 1,
      burst: 1,
    },
    {
      name: 'nvme1',
      kind: 'nvme',
      note: 'network disk',
      ratePerSecond: 36000,
      depth: 920,
      sizes: [
        { bytes: 16384, weight: 30 },
        { bytes: 32768, weight: 30 },
        { bytes: 65536, weight: 25 },
        { bytes: 131072, weight: 15 },
      ],
      readShare: 0.5,
      latencyUs: 30000,
      latencySpread: 0.8,
      bytesPerUs: 6000,
      parallel: 920,
      highMemoryShare: 0,
      contiguity: 1,
      burst: 1,
    },
  ],
  lengthMs: 10000,
  speed: 0.001,
  openAtMs: 60,
};
