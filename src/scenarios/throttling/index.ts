/** The arguments of the throttling thread, in the order in which the picker shows them. */
import type { Scenario } from '../../engine/scenario.ts';
import { batchDeadlock } from './batch-deadlock.ts';
import { doorbellStall } from './doorbell-stall.ts';
import { everyUnmapWakes } from './every-unmap-wakes.ts';
import { hysteresis } from './hysteresis.ts';
import { lostWakeUp } from './lost-wake-up.ts';
import { networkExhausts } from './network-exhausts.ts';
import { polling } from './polling.ts';
import { serialising } from './serialising.ts';
import { slop } from './slop.ts';
import { snailAndCheetah } from './snail-and-cheetah.ts';
import { spike } from './spike.ts';
import { throttledTransient } from './throttled-transient.ts';
import { thunderingHerd } from './thundering-herd.ts';
import { waitThenGrow } from './wait-then-grow.ts';

export const THROTTLING_SCENARIOS: readonly Scenario[] = [
  spike,
  slop,
  hysteresis,
  snailAndCheetah,
  lostWakeUp,
  everyUnmapWakes,
  thunderingHerd,
  networkExhausts,
  serialising,
  waitThenGrow,
  throttledTransient,
  polling,
  batchDeadlock,
  doorbellStall,
];
