import type { Scenario } from '../../engine/scenario.ts';
import { GROWING, SMALL } from './parts.ts';

/** In an encrypted guest a request in a hurry has only what is shared already. */
export const atomicPoolRunsDry: Scenario = {
  ...GROWING,
  id: 'atomic-pool-runs-dry',
  title: 'Atomic pool runs dry',
  watch:
    'The same burst in an encrypted guest. Sharing a page may sleep, so who is in a hurry takes from the coherent pools, shared already, 128 KiB each: they run dry and maps fail, until the worker and a refill have shared more.',
  machine: { ...SMALL, encrypted: true, commandLine: 'root=/dev/nvme0n1p1 ro swiotlb=2048' },
};
