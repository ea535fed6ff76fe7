import type { Scenario } from '../../engine/scenario.ts';
import { GROWING, SMALL } from './parts.ts';

/** Large blocks are gone: the same burst gets less, and then nothing. */
export const aMonthOfUptime: Scenario = {
  ...GROWING,
  id: 'a-month-of-uptime',
  title: 'A machine that has run for a month',
  watch:
    'The same burst after a modelled month of use. A fifth of memory is free, but in small blocks: the worker asks for 4 MiB, is refused, settles for half and for a quarter, and then nearly always gets none.',
  machine: { ...SMALL, ageing: { uptimeHours: 720, fill: 0.8, kernelShare: 0.05 } },
};
