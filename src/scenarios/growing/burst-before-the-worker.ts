import type { Scenario } from '../../engine/scenario.ts';
import { GROWING, SMALL } from './parts.ts';

/** The worker comes a little late: until then each request is helped on its own. */
export const burstBeforeTheWorker: Scenario = {
  ...GROWING,
  id: 'burst-before-the-worker',
  title: 'Burst before the worker',
  watch:
    'A burst finds the pool full. Transient pools of one request each flash up until the worker has got 4 MiB more; that pool stays, and the next burst finds room.',
  machine: SMALL,
};
