import type { Scenario } from '../../engine/scenario.ts';
import { SSD } from '../throttling/parts.ts';
import { GROWING } from './parts.ts';

/** A device that firmware confines to a region of its own: nothing else helps it. */
export const restrictedPool: Scenario = {
  ...GROWING,
  id: 'restricted-pool',
  title: 'Restricted pool',
  watch:
    'The disk sda may touch one region of 1 MiB and nothing else. Bursts fill it, maps fail and requests end in I/O errors, while the default pool beside it stands empty: a restricted pool never grows.',
  machine: {
    memoryMiB: 8192,
    cpus: 4,
    encrypted: false,
    dynamic: false,
    commandLine: 'root=/dev/nvme0n1p1 ro swiotlb=2048',
    restricted: [{ name: 'usb_dma', bytes: 1_048_576 }],
  },
  devices: [
    {
      name: 'sda',
      kind: 'uas',
      note: 'USB, confined',
      ratePerSecond: 4500,
      depth: 30,
      sizes: [
        { bytes: 4096, weight: 20 },
        { bytes: 32_768, weight: 30 },
        { bytes: 65_536, weight: 50 },
      ],
      readShare: 0.6,
      latencyUs: 4000,
      latencySpread: 0.4,
      bytesPerUs: 400,
      parallel: 30,
      highMemoryShare: 0.6,
      contiguity: 0.98,
      startMs: 0,
      burst: 2,
      restrictedPool: 'usb_dma',
    },
    { ...SSD, note: 'local SSD', highMemoryShare: 0.6 },
  ],
  speed: 0.005,
  openAtMs: 24,
};
