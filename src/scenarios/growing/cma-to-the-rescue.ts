import type { Scenario } from '../../engine/scenario.ts';
import { GROWING, SMALL } from './parts.ts';

/** Large free blocks are gone, but a region was set aside at boot and lent to pages that can move. */
export const cmaToTheRescue: Scenario = {
  ...GROWING,
  id: 'cma-to-the-rescue',
  title: 'CMA to the rescue',
  watch:
    'A month of use has left no large free block. A region reserved at boot has been lent to pages that can move: the worker has them moved away, and gets its 2 MiB each time.',
  seed: 7,
  machine: {
    ...SMALL,
    memoryMiB: 160,
    dynamic: true,
    mode: 'cma',
    commandLine: 'root=/dev/nvme0n1p1 ro swiotlb=1024,force',
    cmaMiB: 32,
    ageing: { uptimeHours: 720, fill: 0.74, kernelShare: 0.05 },
  },
  openAtMs: 32.5,
  beside: { kind: 'mode', mode: 'dynamic' },
};
