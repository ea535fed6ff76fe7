import type { Scenario } from '../engine/scenario.ts';
import { oneAreaManyCpus } from './one-area-many-cpus.ts';

/** The same seed and load as `oneAreaManyCpus`; only the number of areas differs. */
export const anAreaEach: Scenario = {
  ...oneAreaManyCpus,
  id: 'an-area-each',
  title: 'An area each',
  watch:
    'The load of One area, many CPUs, with an area and a lock for each CPU: hardly anyone spins.',
  machine: {
    ...oneAreaManyCpus.machine,
    commandLine: 'root=/dev/nvme0n1p1 ro swiotlb=32768,32,force',
  },
};
