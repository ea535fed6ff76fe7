/** The rows in which two answers to a full pool are compared: memory, growth, maps, time by kind. */
import type { RowKind } from './compare-rows.ts';
import { bytes, count, duration } from './words.ts';

const time = (ns: number) => (ns === 0 ? '0' : duration(ns));
const orNone = (ns: number) => (ns > 0 ? ns : null);
const size = (amount: number) => (amount === 0 ? '0' : bytes(amount));

const HELD: readonly RowKind[] = [
  {
    label: 'held now',
    meaning:
      'Memory set aside for bouncing, in whole blocks: pools of every kind, and pages that buffers and drivers have of their own. A CMA region counts as far as it is taken.',
    ifServed: true,
    value: ({ held }) => held,
    words: size,
  },
  {
    label: 'held, most',
    meaning:
      'The most of it at a time. Who turns requests away needs less: then neither is better.',
    ifServed: true,
    value: ({ peakHeld }) => peakHeld,
    words: size,
  },
  {
    label: 'in use, most',
    meaning: 'The most slots in use at a time.',
    value: ({ peak }) => peak,
    words: count,
    neutral: true,
  },
  {
    label: 'beyond the ask',
    meaning: 'Memory that pools got because sizes are rounded up to 2 MiB, and the larger share.',
    value: ({ overAllocated }) => overAllocated,
    words: size,
  },
];

const FAILURES: readonly RowKind[] = [
  {
    label: 'failed maps',
    meaning: 'Maps that found no room, and got none.',
    value: ({ failedMaps }) => failedMaps,
    words: count,
  },
  {
    label: 'failed allocations',
    meaning: 'dma_alloc_* that found no memory.',
    value: ({ failedAllocs }) => failedAllocs,
    words: count,
  },
  {
    label: 'I/O errors',
    meaning: 'Requests whose failure was reported upwards.',
    value: ({ ioErrors }) => ioErrors,
    words: count,
  },
];

const GROWTH: readonly RowKind[] = [
  {
    label: 'pools grown',
    meaning: 'Pools that the worker, or a request, added for good.',
    value: ({ pools }) => pools,
    words: count,
    neutral: true,
  },
  {
    label: 'transient pools',
    meaning: 'Pools that were made for one request each.',
    value: ({ transients }) => transients,
    words: count,
  },
  {
    label: 'pages moved',
    meaning: 'Pages migrated to make room: compaction, and taking a CMA range back.',
    value: ({ migrated }) => migrated,
    words: count,
  },
  {
    label: 'conversions',
    meaning: 'Calls that shared pages with the host or made them private again. Boot included.',
    value: ({ convertCalls }) => convertCalls,
    words: count,
  },
  {
    label: 'of 4 KiB pages',
    meaning: 'Pages that those calls converted one by one.',
    value: ({ convertSmall }) => convertSmall,
    words: count,
  },
  {
    label: 'of 2 MiB pages',
    meaning: 'Pages that they converted as a whole.',
    value: ({ convertLarge }) => convertLarge,
    words: count,
    neutral: true,
  },
  {
    label: 'host pages split',
    meaning:
      '2 MiB of the guest that are or were shared in part: the host backs them page by page.',
    value: ({ splitHostPages }) => splitHostPages,
    words: count,
  },
];

const MAPS: readonly RowKind[] = [
  {
    label: 'map, p50',
    meaning:
      'Half of the maps that found room took no longer: search, lock, growth and copy, without sleep in the throttle. Modelled, to 3 %.',
    ifServed: true,
    value: ({ p50MapNs }) => orNone(p50MapNs),
    words: duration,
  },
  {
    label: 'map, p99',
    meaning: '99 of 100 of them took no longer. Maps that failed are left out.',
    ifServed: true,
    value: ({ p99MapNs }) => orNone(p99MapNs),
    words: duration,
  },
];

/** Modelled CPU time; each is made of the costs of that name in "Costs assumed". */
const TIME: readonly RowKind[] = [
  {
    label: 'copying',
    meaning: 'CPU time, all CPUs: copy start and rate.',
    value: ({ copyNs }) => copyNs,
    words: time,
    neutral: true,
  },
  {
    label: 'searching',
    meaning:
      'CPU time with an area’s lock held: slots inspected, taken and freed, the lock itself.',
    value: ({ searchNs }) => searchNs,
    words: time,
    ifServed: true,
  },
  {
    label: 'spinning',
    meaning: 'CPU time until an area’s lock was free: lock hand-over.',
    value: ({ spinNs }) => spinNs,
    words: time,
    ifServed: true,
  },
  {
    label: 'converting',
    meaning: 'Time of conversions after boot: calls, 4 KiB pages, 2 MiB pages.',
    value: ({ convertNs }) => convertNs,
    words: time,
    ifServed: true,
  },
  {
    label: 'getting pages',
    meaning:
      'Time in the page allocator, in vain too: pages of a new pool (not cleared), of one mapping (cleared), of dma_alloc (not cleared).',
    value: ({ pagesNs }) => pagesNs,
    words: time,
    ifServed: true,
  },
  {
    label: 'moving pages',
    meaning: 'Time to move pages out of the way.',
    value: ({ migrateNs }) => migrateNs,
    words: time,
    ifServed: true,
  },
  {
    label: 'looking up',
    meaning: 'Time to find out whether a buffer has pages of its own.',
    value: ({ lookupNs }) => lookupNs,
    words: time,
    ifServed: true,
  },
];

/** Groups of rows; what was done stands behind them. */
export const GROWTH_GROUPS = [HELD, FAILURES, GROWTH, MAPS, TIME] as const;
