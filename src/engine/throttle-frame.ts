/** Copies the throttle of a run into a frame: its header words, the queue, passages and waits. */
import {
  FIXED_SERIES,
  HEADER,
  HISTORY_BUCKETS,
  PASSAGE,
  PASSAGE_FIELDS,
  PASSAGE_ROWS,
  REPORT,
  REPORT_FIELDS,
  THROTTLE_WHYS,
  WAIT_BINS,
  WAITER,
  WAITER_FIELDS,
  WAITER_ROWS,
  WAITS,
  type FrameView,
} from './frame.ts';
import { reportOf } from './run-report.ts';
import type { Run } from './run.ts';
import type { Passage } from './throttle-book.ts';
import { waitBin } from './wait-stats.ts';
import { defaultThreshold, HIGH_PERCENT, LOW_PERCENT } from '../model/throttle.ts';
import { POLICY_IDS } from '../model/throttle-policies.ts';
import { NO_TICKET } from '../model/wait-queue.ts';

/** The passages a frame shows, in its order. */
export function shownPassages({ throttle }: Run): readonly Passage[] {
  return [...throttle.inside().slice(-PASSAGE_ROWS), ...throttle.ended()].slice(0, PASSAGE_ROWS);
}

/** Waiters a frame shows. */
export function shownWaiters({ swiotlb }: Run): number {
  const waiting = swiotlb.mems.reduce((sum, { throttle }) => sum + throttle.queue.length, 0);
  return Math.min(WAITER_ROWS, waiting);
}

/** Writes everything about the throttle; `passages` as `shownPassages` gave them. */
export function writeThrottle(frame: FrameView, run: Run, passages: readonly Passage[]): void {
  run.throttle.settle(run.timeNs);
  writeHeader(frame, run);
  writeQueue(frame, run);
  passages.forEach((passage, row) => writePassage(frame.passages, row, passage));
  run.throttle.stats.writeBins(
    frame.waits.subarray(WAITS.over * WAIT_BINS, (WAITS.over + 1) * WAIT_BINS),
  );
  writeReport(frame, 0, run);
  const { shadow } = run;
  if (shadow === null) {
    frame.reports.fill(0, REPORT_FIELDS);
    return;
  }
  shadow.ledger.settle(shadow.timeNs);
  shadow.throttle.settle(shadow.timeNs);
  writeReport(frame, 1, shadow);
  frame.header[HEADER.shadowTimeNs] = shadow.timeNs;
  frame.header[HEADER.shadowEndNs] = shadow.endNs;
  frame.header[HEADER.shadowBucketsFilled] = shadow.history.filled;
  frame.header[HEADER.shadowBucketNs] = shadow.history.bucketNs;
  for (let series = 0; series < FIXED_SERIES; series++) {
    const from = series * HISTORY_BUCKETS;
    const line = shadow.history.series.subarray(from, from + HISTORY_BUCKETS);
    frame.shadowSeries(series).set(line);
  }
}

function writeHeader({ header }: FrameView, { swiotlb, throttle, verdict }: Run): void {
  const { mem } = swiotlb;
  const gate = mem.throttle;
  const initial = mem.initialNslabs;
  header[HEADER.policy] = POLICY_IDS.indexOf(gate.policy.id);
  header[HEADER.highThrottle] = gate.highThrottle;
  header[HEADER.lowThrottle] = gate.lowThrottle;
  header[HEADER.defaultHigh] = defaultThreshold(initial, HIGH_PERCENT);
  header[HEADER.defaultLow] = defaultThreshold(initial, LOW_PERCENT);
  header[HEADER.highThrottleCount] = gate.highThrottleCount;
  header[HEADER.lowThrottleCount] = gate.lowThrottleCount;
  header[HEADER.semCount] = gate.isOn && gate.policy.initialCount === 1 ? gate.semCount : -1;
  header[HEADER.throttleWaiting] = throttle.waiting;
  header[HEADER.starvedNs] = throttle.starvedNs;
  header[HEADER.racyReads] = verdict?.racyReads ?? 0;
  header[HEADER.shadowTimeNs] = 0;
  header[HEADER.shadowEndNs] = 0;
  header[HEADER.shadowBucketsFilled] = 0;
  header[HEADER.shadowBucketNs] = 0;
  header[HEADER.mayBlockDevices] = swiotlb.devices.filter((dma) =>
    swiotlb.recommendMayBlock(dma),
  ).length;
}

/** The first waiters as rows, and the waits of all of them by bin. */
function writeQueue(frame: FrameView, { swiotlb, throttle, timeNs }: Run): void {
  const ongoing = frame.waits.subarray(WAITS.ongoing * WAIT_BINS, (WAITS.ongoing + 1) * WAIT_BINS);
  ongoing.fill(0);
  for (const { arrivedNs } of throttle.sleepers()) {
    const bin = waitBin(timeNs - arrivedNs);
    ongoing[bin] = (ongoing[bin] as number) + 1;
  }
  let row = 0;
  for (const { throttle: gate } of swiotlb.mems) {
    let ticket = gate.queue.first;
    for (; row < frame.counts.waiters && ticket !== NO_TICKET; row++) {
      writeWaiter(frame.waiters, row, throttle.of(ticket));
      ticket = gate.queue.behind(ticket);
    }
  }
}

function writeWaiter(rows: Float64Array, row: number, waiter: Passage): void {
  const at = row * WAITER_FIELDS;
  rows[at + WAITER.serial] = waiter.serial;
  rows[at + WAITER.device] = waiter.device;
  rows[at + WAITER.cpu] = waiter.cpu;
  rows[at + WAITER.bytes] = waiter.bytes;
  rows[at + WAITER.sinceNs] = waiter.arrivedNs;
  rows[at + WAITER.why] = THROTTLE_WHYS.indexOf(waiter.why);
}

function writePassage(rows: Float64Array, row: number, passage: Passage): void {
  const at = row * PASSAGE_FIELDS;
  rows[at + PASSAGE.serial] = passage.serial;
  rows[at + PASSAGE.device] = passage.device;
  rows[at + PASSAGE.cpu] = passage.cpu;
  rows[at + PASSAGE.bytes] = passage.bytes;
  rows[at + PASSAGE.why] = THROTTLE_WHYS.indexOf(passage.why);
  rows[at + PASSAGE.arrivedNs] = passage.arrivedNs;
  rows[at + PASSAGE.admittedNs] = passage.admittedNs;
  rows[at + PASSAGE.placedNs] = passage.placedNs;
  rows[at + PASSAGE.releasedNs] = passage.releasedNs;
  rows[at + PASSAGE.pool] = passage.pool;
  rows[at + PASSAGE.slot] = passage.slot;
  rows[at + PASSAGE.nslots] = passage.nslots;
}

function writeReport(frame: FrameView, row: number, run: Run): void {
  const report = reportOf(run);
  const at = row * REPORT_FIELDS;
  for (const name of Object.keys(REPORT) as (keyof typeof REPORT)[]) {
    const value = report[name];
    frame.reports[at + REPORT[name]] =
      typeof value === 'number' ? value : POLICY_IDS.indexOf(value);
  }
}
