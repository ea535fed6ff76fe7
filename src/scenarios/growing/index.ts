/** Where more memory comes from, in the order in which the picker shows it. */
import type { Scenario } from '../../engine/scenario.ts';
import { aMonthOfUptime } from './a-month-of-uptime.ts';
import { burstBeforeTheWorker } from './burst-before-the-worker.ts';

export const GROWING_SCENARIOS: readonly Scenario[] = [burstBeforeTheWorker, aMonthOfUptime];
