/** The rows of the comparison: what each counts, how it is written, and which of two is better. */
import type { Beside } from '../store/reports.ts';
import { GROWTH_GROUPS } from './compare-growth-rows.ts';
import type { Comparison } from '../store/comparison.ts';
import type { PolicyReport } from '../store/throttle-readout.ts';
import { count, duration } from './words.ts';

const NS_PER_S = 1e9;
const MIB = 1024 * 1024;

/** One quantity that two runs are compared in. */
export interface RowKind {
  readonly label: string;
  /** What it counts, for whoever rests the pointer on it. */
  readonly meaning: string;
  /** Null where there is nothing to tell: no wait has ended. */
  readonly value: (report: PolicyReport) => number | null;
  readonly words: (value: number, report: PolicyReport) => string;
  /** Whether more is better; else less is. */
  readonly more?: boolean;
  /** A recording of swiotlb cannot tell. */
  readonly unrecorded?: boolean;
  /** Told, not judged. */
  readonly neutral?: boolean;
  /** Judged only if no map failed in either run: who turns work away spends less on it. */
  readonly ifServed?: boolean;
}

/** A line of the table. */
export interface CompareRow {
  readonly label: string;
  readonly meaning: string;
  readonly run: string;
  readonly beside: string;
  /** Null when they are equal, or cannot be compared. */
  readonly better: 'run' | 'beside' | null;
}

const perSecond = (amount: number, { timeNs }: PolicyReport) =>
  timeNs > 0 ? (amount * NS_PER_S) / timeNs : 0;
const tenths = (value: number) => (value < 100 ? value.toFixed(1) : count(value));
const longest = ({ maxWaitNs, longestNowNs }: PolicyReport) => Math.max(maxWaitNs, longestNowNs);
const time = (ns: number) => (ns === 0 ? '0' : duration(ns));
const orNone = (ns: number) => (ns > 0 ? ns : null);

const MEMORY: readonly RowKind[] = [
  {
    label: 'peak',
    meaning: 'The most slots in use at a time since boot.',
    value: ({ peak }) => peak,
    words: count,
  },
  {
    label: 'failed maps',
    meaning: 'Maps that found no free run long enough.',
    value: ({ failedMaps }) => failedMaps,
    words: count,
  },
  {
    label: 'I/O errors',
    meaning: 'Requests whose failure was reported upwards.',
    value: ({ ioErrors }) => ioErrors,
    words: count,
    unrecorded: true,
  },
];

const QUEUE: readonly RowKind[] = [
  {
    label: 'throttled',
    meaning: 'Requests held up at the gate: high_throttle_count and low_throttle_count.',
    value: ({ throttled }) => throttled,
    words: count,
  },
  {
    label: 'slept',
    meaning: 'Those of them that had to sleep.',
    value: ({ slept }) => slept,
    words: count,
  },
  {
    label: 'waiting now',
    meaning: 'Requests asleep at this moment.',
    value: ({ waiting }) => waiting,
    words: count,
  },
];

const WAITS: readonly RowKind[] = [
  {
    label: 'mean wait',
    meaning: 'Of the waits that are over.',
    value: ({ meanWaitNs }) => orNone(meanWaitNs),
    words: duration,
  },
  {
    label: 'p50',
    meaning: 'Half of the waits that are over took no longer.',
    value: ({ p50WaitNs }) => orNone(p50WaitNs),
    words: duration,
  },
  {
    label: 'p99',
    meaning: '99 of 100 waits that are over took no longer.',
    value: ({ p99WaitNs }) => orNone(p99WaitNs),
    words: duration,
  },
  {
    label: 'longest',
    meaning: 'The longest wait; with ≥ it is not over yet.',
    value: (report) => orNone(longest(report)),
    words: (ns, { maxWaitNs }) => `${ns > maxWaitNs ? '≥ ' : ''}${duration(ns)}`,
  },
  {
    label: 'starved',
    meaning: 'Waits longer than the scenario calls bearable, over or going on.',
    value: ({ starved }) => starved,
    words: count,
  },
];

const WORK: readonly RowKind[] = [
  {
    label: 'requests',
    meaning: 'Requests finished so far; in a recording, mappings given back.',
    value: ({ done }) => done,
    words: count,
    more: true,
  },
  {
    label: 'requests/s',
    meaning: 'Requests finished a virtual second, over the whole run.',
    value: (report) => perSecond(report.done, report),
    words: count,
    more: true,
  },
  {
    label: 'MiB/s',
    meaning: 'Their bytes a virtual second, over the whole run.',
    value: (report) => perSecond(report.doneBytes, report) / MIB,
    words: tenths,
    more: true,
  },
];

const SLEEP: readonly RowKind[] = [
  {
    label: 'time slept',
    meaning: 'Of all requests together, waits going on included.',
    value: ({ waitedNs }) => waitedNs,
    words: time,
  },
  {
    label: 'needlessly',
    meaning: 'Time slept while no more than low_throttle slots were in use.',
    value: ({ needlessNs }) => needlessNs,
    words: time,
  },
  {
    label: 'wake-ups',
    meaning: 'Sleepers woken.',
    value: ({ wakeUps }) => wakeUps,
    words: count,
  },
  {
    label: 'in vain',
    meaning: 'Wake-ups after which the request went back to sleep.',
    value: ({ vainWakeUps }) => vainWakeUps,
    words: count,
    unrecorded: true,
  },
  {
    label: 'overtaken',
    meaning: 'Requests that passed above low_throttle while others slept.',
    value: ({ overtookAbove }) => overtookAbove,
    words: count,
    unrecorded: true,
  },
  {
    label: 'gave back',
    meaning: 'Throttled requests that found no room and gave the semaphore back.',
    value: ({ gaveBack }) => gaveBack,
    words: count,
    unrecorded: true,
  },
  {
    label: 'other CPU',
    meaning: 'Sleepers that ran on another CPU than they slept on. Neither is better.',
    value: ({ moved }) => moved,
    words: count,
    neutral: true,
  },
];

/** The rows in groups: memory, queue, waits, work done, sleep. */
const GROUPS = [MEMORY, QUEUE, WAITS, WORK, SLEEP] as const;

const UNKNOWN = '–';

type Sides = Readonly<Record<'run' | 'beside', number>>;

function betterOf({ run, beside }: Sides, more: boolean): CompareRow['better'] {
  if (run === beside) return null;
  return run > beside === more ? 'run' : 'beside';
}

/** Two that stand at different moments are no match, nor are two machines. */
function isJudged(
  { neutral, ifServed }: RowKind,
  { run, beside, progress }: Comparison,
  isRecorded: boolean,
): boolean {
  const refused = [run, beside].some(
    ({ failedMaps, failedAllocs }) => failedMaps + failedAllocs > 0,
  );
  if (ifServed === true && refused) return false;
  return progress === 1 && !isRecorded && neutral !== true;
}

function rowOf(kind: RowKind, comparison: Comparison, isRecorded: boolean) {
  const { run, beside } = comparison;
  const { label, meaning, words, more = false, unrecorded = false } = kind;
  const one = kind.value(run);
  const other = isRecorded && unrecorded ? null : kind.value(beside);
  const row: CompareRow = {
    label,
    meaning,
    run: one === null ? UNKNOWN : words(one, run),
    beside: other === null ? UNKNOWN : words(other, beside),
    better: null,
  };
  if (one === null || other === null || row.run === row.beside) return row;
  return isJudged(kind, comparison, isRecorded)
    ? { ...row, better: betterOf({ run: one, beside: other }, more) }
    : row;
}

/**
 * The table, in groups of rows: what throttling changes, or what growing does. A recording is another
 * machine: nothing in it is better or worse.
 */
export function compareRows(comparison: Comparison, besideKind: Beside['kind']): CompareRow[][] {
  const isRecorded = besideKind === 'recording';
  const groups = besideKind === 'mode' ? [...GROWTH_GROUPS, WORK] : GROUPS;
  return groups.map((kinds) => kinds.map((kind) => rowOf(kind, comparison, isRecorded)));
}
