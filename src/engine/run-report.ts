/** What every policy reports of a run, so that two of them can be laid side by side. */
import { DEVICE, DEVICE_FIELDS, type REPORT } from './frame.ts';
import type { Run } from './run.ts';
import type { PolicyId } from '../model/throttle-policies.ts';

const MEDIAN = 0.5;
const NINETY_NINTH = 0.99;

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
    used: mem.used,
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
  };
}

function sumOf(deviceRows: Float64Array, field: number): number {
  let sum = 0;
  for (let at = field; at < deviceRows.length; at += DEVICE_FIELDS) sum += deviceRows[at] as number;
  return sum;
}
