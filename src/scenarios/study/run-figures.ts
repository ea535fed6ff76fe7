/** What is told of a single run, as text. */
import type { RunFigures } from '../../engine/measured-runs.ts';
import { percent } from './study-words.ts';

const SLOTS_PER_MIB = 512;
const NS_PER_MS = 1e6;

/** One figure of a run, under a name that says what it is and in which unit. */
export interface RunFigure {
  readonly name: string;
  readonly of: (run: RunFigures) => string;
}

/** The figures of the growing kernel, in the order in which they are shown. */
export const RUN_FIGURES: readonly RunFigure[] = [
  { name: 'growing, MiB/s', of: ({ mibPerSecond }) => mibPerSecond.toFixed(2) },
  { name: 'pool after it, MiB', of: ({ slotsAfter }) => String(slotsAfter / SLOTS_PER_MIB) },
  { name: 'transient pools', of: ({ transients }) => String(transients) },
  { name: 'failed maps', of: ({ failedMaps }) => String(failedMaps) },
  { name: 'pages converted', of: ({ convertedPages }) => String(convertedPages) },
  { name: 'growth, CPU ms', of: ({ growthNs }) => (growthNs / NS_PER_MS).toFixed(2) },
  {
    name: 'locks waited for',
    of: ({ locksContended, locksTaken }) => percent(locksContended / Math.max(1, locksTaken)),
  },
];
