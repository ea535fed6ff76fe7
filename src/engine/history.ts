/**
 * Usage over virtual time, in buckets. When all are full, neighbours merge and a bucket spans twice
 * the time: a run of any length keeps its whole past in the same few kilobytes.
 */
import { DEVICE, DEVICE_FIELDS, FIXED_SERIES, HISTORY_BUCKETS, SERIES } from './frame.ts';

/** What the buckets are filled from. The ledger's own numbers. */
export interface HistorySource {
  /** Slots in use, all pools. */
  readonly used: number;
  /** Slots there are: `io_tlb_nslabs`. */
  readonly capacity: number;
  readonly hiwater: number;
  readonly failedMaps: number;
  /** Thresholds of the throttle in slots; 0 both where nothing is throttled. */
  readonly highThrottle: number;
  readonly lowThrottle: number;
  /** Requests asleep in the throttle. */
  readonly throttleWaiting: number;
  /** Rows of `DEVICE_FIELDS`. */
  readonly deviceRows: Float64Array;
}

/** Width of the first buckets unless told otherwise: 0.5 virtual ms, half a second in all. */
export const FIRST_BUCKET_NS = 500_000;

/** The buckets of one run, a row of series each. */
export class History {
  /** All series one behind the other, each `HISTORY_BUCKETS` long, in the frame's order. */
  readonly series: Float32Array;
  readonly #devices: number;
  readonly #source: HistorySource;
  #bucketNs: number;
  #closed = 0;
  #endNs: number;
  #usedMin = 0;
  #usedMax = 0;
  #waitingMax = 0;
  #failuresBefore = 0;

  constructor(devices: number, source: HistorySource, firstBucketNs: number = FIRST_BUCKET_NS) {
    this.series = new Float32Array((FIXED_SERIES + devices) * HISTORY_BUCKETS);
    this.#devices = devices;
    this.#source = source;
    this.#bucketNs = firstBucketNs;
    this.#endNs = firstBucketNs;
  }

  /** Virtual ns a bucket spans now. */
  get bucketNs(): number {
    return this.#bucketNs;
  }

  /** Buckets with something in them, the open one included. */
  get filled(): number {
    return this.#closed + 1;
  }

  /** Closes the buckets that end at or before `timeNs`. Call before the source changes. */
  advance(timeNs: number): void {
    if (timeNs < this.#endNs) return;
    while (timeNs >= this.#endNs) this.#close();
  }

  /** Notes the present use of slots in the open bucket. Call after the source changed. */
  sample(used: number): void {
    if (used < this.#usedMin) this.#usedMin = used;
    if (used > this.#usedMax) this.#usedMax = used;
  }

  /** Notes the requests asleep. Call after their number changed. */
  sampleWaiting(waiting: number): void {
    if (waiting > this.#waitingMax) this.#waitingMax = waiting;
  }

  /** Writes the open bucket as it stands, so that a picture can show it. */
  showOpen(): void {
    this.#write(this.#closed);
  }

  #close(): void {
    this.#write(this.#closed);
    this.#closed++;
    if (this.#closed === HISTORY_BUCKETS) this.#merge();
    const { used, failedMaps, throttleWaiting } = this.#source;
    this.#waitingMax = throttleWaiting;
    this.#usedMin = used;
    this.#usedMax = used;
    this.#failuresBefore = failedMaps;
    this.#endNs = (this.#closed + 1) * this.#bucketNs;
  }

  #write(bucket: number): void {
    const { series } = this;
    const { capacity, hiwater, failedMaps, highThrottle, lowThrottle, deviceRows } = this.#source;
    series[SERIES.usedMin * HISTORY_BUCKETS + bucket] = this.#usedMin;
    series[SERIES.usedMax * HISTORY_BUCKETS + bucket] = this.#usedMax;
    series[SERIES.capacity * HISTORY_BUCKETS + bucket] = capacity;
    series[SERIES.hiwater * HISTORY_BUCKETS + bucket] = hiwater;
    series[SERIES.failures * HISTORY_BUCKETS + bucket] = failedMaps - this.#failuresBefore;
    series[SERIES.highThrottle * HISTORY_BUCKETS + bucket] = highThrottle;
    series[SERIES.lowThrottle * HISTORY_BUCKETS + bucket] = lowThrottle;
    series[SERIES.waiting * HISTORY_BUCKETS + bucket] = this.#waitingMax;
    for (let device = 0; device < this.#devices; device++) {
      const slots = deviceRows[device * DEVICE_FIELDS + DEVICE.slots] ?? 0;
      series[(FIXED_SERIES + device) * HISTORY_BUCKETS + bucket] = slots;
    }
  }

  #merge(): void {
    const half = HISTORY_BUCKETS / 2;
    for (let row = 0; row < FIXED_SERIES + this.#devices; row++) {
      const line = this.series.subarray(row * HISTORY_BUCKETS, (row + 1) * HISTORY_BUCKETS);
      for (let pair = 0; pair < half; pair++) {
        line[pair] = merged(row, line[2 * pair] ?? 0, line[2 * pair + 1] ?? 0);
      }
      line.fill(0, half);
    }
    this.#closed = half;
    this.#bucketNs *= 2;
  }
}

/** One value for two neighbours: extremes stay extremes, counts add, the rest is the later one. */
function merged(row: number, earlier: number, later: number): number {
  if (row === SERIES.usedMin) return Math.min(earlier, later);
  if (row === SERIES.usedMax || row === SERIES.waiting) return Math.max(earlier, later);
  if (row === SERIES.failures) return earlier + later;
  return later;
}
