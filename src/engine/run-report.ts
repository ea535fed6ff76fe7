/** What every policy reports of a run, so that two of them can be laid side by side. */
import { NOT_SPENT } from './run-costs.ts';
import { DEVICE, DEVICE_FIELDS, type REPORT } from './frame.ts';
import type { Run } from './run.ts';
import { SLOT_BYTES } from '../model/geometry.ts';
import type { PolicyId } from '../model/throttle-policies.ts';

const MEDIAN = 0.5;
const NINETY_NINTH = 0.99;
const UNKNOWN_COSTS = {
  peakHeld: 0,
  overAllocated: 0,
  transients: 0,
  convertCalls: 0,
  convertSmall: 0,
  convertLarge: 0,
  splitHostPages: 0,
  migrated: 0,
  ...NOT_SPENT,
  p50MapNs: 0,
  p99MapNs: 0,
  failedAllocs: 0,
};

/** The fields of `REPORT`; what each means and its unit stand there. */
export type RunReport = { readonly [field in Exclude<keyof typeof REPORT, 'policy'>]: number } & {
  readonly policy: PolicyId;
};

/** The report of a run at its present moment. */
export function reportOf(run: Run): RunReport {
  const { swiotlb, ledger, throttle, timeNs } = run;
  const { mem } = swiotlb;
  const gate = mem.throttle;
  const { stats } = throttle;
  throttle.settle(timeNs);
  const waits = throttle.sleepers().map(({ arrivedNs }) => timeNs - arrivedNs);
  const starvedNow = waits.filter((waitNs) => waitNs > throttle.starvedNs).length;
  return {
    policy: gate.policy.id,
    timeNs,
    used: ledger.used,
    peak: ledger.peak,
    failedMaps: ledger.failedMaps,
    ioErrors: sumOf(ledger.deviceRows, DEVICE.ioErrors),
    throttled: throttle.arrived,
    slept: throttle.slept,
    waiting: throttle.waiting,
    meanWaitNs: stats.meanNs,
    p50WaitNs: stats.quantileNs(MEDIAN),
    p99WaitNs: stats.quantileNs(NINETY_NINTH),
    maxWaitNs: stats.maxNs,
    longestNowNs: waits.reduce((longest, waitNs) => Math.max(longest, waitNs), 0),
    starved: throttle.starvedOver + starvedNow,
    done: sumOf(ledger.deviceRows, DEVICE.done),
    doneBytes: sumOf(ledger.deviceRows, DEVICE.doneBytes),
    wakeUps: throttle.wakeUps,
    vainWakeUps: throttle.vainWakeUps,
    moved: throttle.moved,
    waitedNs: throttle.waitedNs,
    needlessNs: throttle.needlessNs,
    timedOut: throttle.timedOut,
    pools: swiotlb.pools.filter(({ kind }) => kind === 'dynamic').length,
    maps: ledger.maps,
    retried: sumOf(ledger.deviceRows, DEVICE.retried),
    dropped: sumOf(ledger.deviceRows, DEVICE.dropped),
    mostWaiting: throttle.mostWaiting,
    overtook: throttle.overtook,
    overtookAbove: throttle.overtookAbove,
    gaveBack: throttle.gaveBack,
    longestUnrungNs: throttle.longestUnrungNs,
    mostUnreaped: throttle.mostUnreaped,
    ...costsOf(run),
  };
}

/** What bouncing has cost. A replay knows what is held, and nothing else of this. */
function costsOf({ books, swiotlb }: Run) {
  if (books === null) return { ...UNKNOWN_COSTS, held: swiotlb.mem.nslabs * SLOT_BYTES };
  const { calls, smallPages, largePages } = books.conversions;
  return {
    held: books.held,
    peakHeld: books.peakHeld,
    overAllocated: books.overAllocated,
    transients: books.transients,
    convertCalls: calls,
    convertSmall: smallPages,
    convertLarge: largePages,
    splitHostPages: books.splitHostPages,
    migrated: books.migrated,
    ...books.spent,
    p50MapNs: books.mapTimes.quantileNs(MEDIAN),
    p99MapNs: books.mapTimes.quantileNs(NINETY_NINTH),
    failedAllocs: books.failedAllocs,
  };
}

function sumOf(deviceRows: Float64Array, field: number): number {
  let sum = 0;
  for (let at = field; at < deviceRows.length; at += DEVICE_FIELDS) sum += deviceRows[at] as number;
  return sum;
}
