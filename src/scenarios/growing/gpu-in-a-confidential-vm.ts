import type { Scenario } from '../../engine/scenario.ts';
import { confidentialVm } from '../confidential-vm.ts';

const [ssd, , network] = confidentialVm.devices;
if (ssd === undefined || network === undefined) throw new RangeError('the devices are gone');

/** The pool that was to be enough for everybody meets a device that wants more than all of it. */
export const gpuInAConfidentialVm: Scenario = {
  id: 'gpu-in-a-confidential-vm',
  title: 'GPU in a confidential VM',
  watch:
    'A GPU’s driver gets more than 1 GiB by dma_alloc and keeps it, which uses the boot pool up. This kernel adds pools of 4 MiB until all are served; the fixed one beside it never has room again, for any device.',
  group: 'growing',
  seed: 4,
  machine: {
    memoryMiB: 16_384,
    cpus: 8,
    encrypted: true,
    dynamic: true,
    mode: 'dynamic-alloc',
    commandLine: 'console=ttyS0 root=/dev/nvme0n1p1 ro',
  },
  devices: [
    { ...ssd, ratePerSecond: 12_000, depth: 64, latencyUs: 900 },
    { ...network, ratePerSecond: 20_000, depth: 512, startMs: 6 },
    {
      name: 'gpu0',
      kind: 'gpu',
      note: 'keeps 1.1 GiB',
      ratePerSecond: 5000,
      depth: 900,
      sizes: [
        { bytes: 2_097_152, weight: 50 },
        { bytes: 1_048_576, weight: 20 },
        { bytes: 262_144, weight: 30 },
      ],
      readShare: 0,
      latencyUs: 10_000_000,
      latencySpread: 0.5,
      bytesPerUs: 16_000,
      parallel: 1024,
      highMemoryShare: 0,
      contiguity: 1,
      startMs: 5,
      burst: 1,
      tasks: 4,
    },
  ],
  lengthMs: 20_000,
  speed: 0.02,
  openAtMs: 160,
  beside: { kind: 'mode', mode: 'fixed-alloc' },
};
