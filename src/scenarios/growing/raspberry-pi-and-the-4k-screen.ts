import type { DeviceSpec, MachineSpec, Scenario } from '../../engine/scenario.ts';
import { GROWING } from './parts.ts';

/** A Raspberry Pi 4 with 4 GiB: its display reaches the first GiB, where the pool lies. */
const PI: MachineSpec = {
  memoryMiB: 4096,
  cpus: 4,
  encrypted: false,
  dynamic: false,
  mode: 'fixed',
  board: 'rpi4',
  commandLine: 'console=tty1 root=/dev/mmcblk0p2 rootwait',
};

/** Full HD and 4K, four bytes a pixel: 8 MiB and 34 MiB; each stays mapped for a picture. */
const DISPLAY: DeviceSpec = {
  name: 'vc4',
  kind: 'vc4',
  note: 'display, imports from v3d',
  ratePerSecond: 60,
  depth: 3,
  sizes: [
    { bytes: 8_388_608, weight: 1 },
    { bytes: 35_651_584, weight: 1 },
  ],
  readShare: 0,
  latencyUs: 16_667,
  latencySpread: 0,
  bytesPerUs: 8000,
  parallel: 3,
  highMemoryShare: 1,
  contiguity: 1,
  startMs: 5,
  burst: 1,
  tasks: 1,
  maySleep: true,
};

/** The SD card, on the same bus: its small pieces fit into the pool. */
const CARD: DeviceSpec = {
  name: 'mmcblk0',
  kind: 'sdhci',
  note: 'SD card, same bus',
  ratePerSecond: 400,
  depth: 8,
  sizes: [{ bytes: 4096, weight: 1 }],
  readShare: 0.7,
  latencyUs: 2500,
  latencySpread: 0.3,
  bytesPerUs: 40,
  parallel: 2,
  highMemoryShare: 0.75,
  contiguity: 1,
  startMs: 0,
  burst: 1,
};

/** A disk whose controller reaches all memory: it never bounces. */
const USB_DISK: DeviceSpec = {
  name: 'sda',
  kind: 'uas',
  note: 'USB disk, reaches everything',
  ratePerSecond: 4000,
  depth: 32,
  sizes: [
    { bytes: 4096, weight: 3 },
    { bytes: 65_536, weight: 1 },
  ],
  readShare: 0.7,
  latencyUs: 200,
  latencySpread: 0.3,
  bytesPerUs: 300,
  parallel: 4,
  highMemoryShare: 0.75,
  contiguity: 0.6,
  startMs: 0,
  burst: 1,
};

/** The pool is nearly empty, and yet nothing of the display's fits into it. */
export const raspberryPi4k: Scenario = {
  ...GROWING,
  id: 'raspberry-pi-and-the-4k-screen',
  title: 'Raspberry Pi and the 4K screen',
  watch:
    'The display reaches the first GiB only, so what the GPU drew above it must bounce. The pool is nearly empty, yet every import fails: pieces of 512 KiB, and one mapping holds 256. Pages of their own would do.',
  machine: PI,
  devices: [DISPLAY, CARD, USB_DISK],
  lengthMs: 60_000,
  speed: 0.05,
  openAtMs: 60,
  beside: { kind: 'mode', mode: 'per-mapping' },
};
