/** Where more memory comes from, in the order in which the picker shows it. */
import type { Scenario } from '../../engine/scenario.ts';
import { aMonthOfUptime } from './a-month-of-uptime.ts';
import { atomicPoolRunsDry } from './atomic-pool-runs-dry.ts';
import { burstBeforeTheWorker } from './burst-before-the-worker.ts';
import { cmaToTheRescue } from './cma-to-the-rescue.ts';
import { gpuInAConfidentialVm } from './gpu-in-a-confidential-vm.ts';
import { growthThatNeverEnds } from './growth-that-never-ends.ts';
import { hugepagesOnly } from './hugepages-only.ts';
import { perMappingWithoutNoio } from './per-mapping-without-noio.ts';
import { raspberryPi4k } from './raspberry-pi-and-the-4k-screen.ts';
import { restrictedPool } from './restricted-pool.ts';
import { startsAt1Mib } from './starts-at-1-mib.ts';

export const GROWING_SCENARIOS: readonly Scenario[] = [
  startsAt1Mib,
  burstBeforeTheWorker,
  aMonthOfUptime,
  cmaToTheRescue,
  hugepagesOnly,
  gpuInAConfidentialVm,
  raspberryPi4k,
  perMappingWithoutNoio,
  atomicPoolRunsDry,
  restrictedPool,
  growthThatNeverEnds,
];
