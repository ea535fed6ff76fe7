/**
 * Usage over virtual time, in buckets. When all are full, neighbours merge and a bucket spans twice
 * the time: a run of any length keeps its whole past in the same few kilobytes.
 */
import { DEVICE, DEVICE_FIELDS, FIXED_SERIES, HISTORY_BUCKETS, SERIES } from './frame.ts';
import { GROWTH_TOTAL_FIELDS } from './growth-totals.ts';
import type { Keeper } from '../model/keeper.ts';

/** What the buckets are filled from. The ledger's own numbers. */
export interface HistorySource {
  /** Slots in use, all pools. */
  readonly used: number;
  /** Slots there are: `io_tlb_nslabs`. */
  readonly capacity: number;
  readonly hiwater: number;
  /** Slots of transient pools: `io_tlb_transient_nslabs`. */
  readonly transientSlots: number;
  readonly failedMaps: number;
  /** Attempts to grow so far, by `GROWTH_TOTALS`. */
  readonly growth: Float64Array;
  /** Thresholds of the throttle in slots; 0 both where nothing is throttled. */
  readonly highThrottle: number;
  readonly lowThrottle: number;
  /** Requests asleep in the throttle. */
  readonly throttleWaiting: number;
  /** Rows of `DEVICE_FIELDS`. */
  readonly deviceRows: Float64Array;
}

/**
 * Width of the first buckets unless told otherwise: 20 virtual µs, 20 ms in all. That is the shortest
 * time a timeline shows, so that a bucket is never much wider than a pixel of it.
 */
const FIRST_BUCKET_NS = 20_000;

/** The buckets of one run, a row of series each. */
export class History {
  /** All series one behind the other, each `HISTORY_BUCKETS` long, in the frame's order. */
  readonly series: Float32Array;
  readonly #devices: number;
  readonly #source: HistorySource;
  #bucketNs: number;
  #closed = 0;
  #endNs: number;
  /** The source as it was last seen: a bucket that is over knows nothing of what came after. */
  #used = 0;
  #capacity: number;
  #hiwater = 0;
  #transient = 0;
  #waiting = 0;
  #usedMin = 0;
  #usedMax = 0;
  #transientMin = 0;
  #transientMax = 0;
  #waitingMax = 0;
  #failuresBefore = 0;
  readonly #growthBefore = new Float64Array(GROWTH_TOTAL_FIELDS);

  constructor(devices: number, source: HistorySource, firstBucketNs: number = FIRST_BUCKET_NS) {
    this.series = new Float32Array((FIXED_SERIES + devices) * HISTORY_BUCKETS);
    this.#devices = devices;
    this.#source = source;
    this.#capacity = source.capacity;
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

  /** Closes the buckets that end at or before `timeNs`. Call before the counts of the source change. */
  advance(timeNs: number): void {
    if (timeNs < this.#endNs) return;
    while (timeNs >= this.#endNs) this.#close();
  }

  /** Notes in the open bucket how slots are used now. Call after `advance` and after they changed. */
  sample(used: number): void {
    const { transientSlots, capacity, hiwater } = this.#source;
    this.#used = used;
    this.#transient = transientSlots;
    this.#capacity = capacity;
    this.#hiwater = hiwater;
    if (used < this.#usedMin) this.#usedMin = used;
    if (used > this.#usedMax) this.#usedMax = used;
    if (transientSlots < this.#transientMin) this.#transientMin = transientSlots;
    if (transientSlots > this.#transientMax) this.#transientMax = transientSlots;
  }

  /** Notes the requests asleep. Call after their number changed. */
  sampleWaiting(waiting: number): void {
    this.#waiting = waiting;
    if (waiting > this.#waitingMax) this.#waitingMax = waiting;
  }

  /** Writes the open bucket as it stands, so that a picture can show it. */
  showOpen(): void {
    this.sample(this.#source.used);
    this.sampleWaiting(this.#source.throttleWaiting);
    this.#write(this.#closed);
  }

  keep(k: Keeper): void {
    k.array(this.series);
    this.#bucketNs = k.value(this.#bucketNs);
    this.#closed = k.value(this.#closed);
    this.#endNs = k.value(this.#endNs);
    this.#used = k.value(this.#used);
    this.#capacity = k.value(this.#capacity);
    this.#hiwater = k.value(this.#hiwater);
    this.#transient = k.value(this.#transient);
    this.#waiting = k.value(this.#waiting);
    this.#usedMin = k.value(this.#usedMin);
    this.#usedMax = k.value(this.#usedMax);
    this.#transientMin = k.value(this.#transientMin);
    this.#transientMax = k.value(this.#transientMax);
    this.#waitingMax = k.value(this.#waitingMax);
    this.#failuresBefore = k.value(this.#failuresBefore);
    k.array(this.#growthBefore);
  }

  #close(): void {
    this.#write(this.#closed);
    this.#closed++;
    if (this.#closed === HISTORY_BUCKETS) this.#merge();
    const { failedMaps, growth } = this.#source;
    this.#transientMin = this.#transient;
    this.#transientMax = this.#transient;
    this.#growthBefore.set(growth);
    this.#waitingMax = this.#waiting;
    this.#usedMin = this.#used;
    this.#usedMax = this.#used;
    this.#failuresBefore = failedMaps;
    this.#endNs = (this.#closed + 1) * this.#bucketNs;
  }

  #write(bucket: number): void {
    const { series } = this;
    const { failedMaps, highThrottle, lowThrottle, deviceRows } = this.#source;
    series[SERIES.usedMin * HISTORY_BUCKETS + bucket] = this.#usedMin;
    series[SERIES.usedMax * HISTORY_BUCKETS + bucket] = this.#usedMax;
    series[SERIES.capacity * HISTORY_BUCKETS + bucket] = this.#capacity;
    series[SERIES.hiwater * HISTORY_BUCKETS + bucket] = this.#hiwater;
    series[SERIES.failures * HISTORY_BUCKETS + bucket] = failedMaps - this.#failuresBefore;
    series[SERIES.highThrottle * HISTORY_BUCKETS + bucket] = highThrottle;
    series[SERIES.lowThrottle * HISTORY_BUCKETS + bucket] = lowThrottle;
    series[SERIES.waiting * HISTORY_BUCKETS + bucket] = this.#waitingMax;
    series[SERIES.transientMin * HISTORY_BUCKETS + bucket] = this.#transientMin;
    series[SERIES.transientMax * HISTORY_BUCKETS + bucket] = this.#transientMax;
    this.#writeGrowth(bucket);
    for (let device = 0; device < this.#devices; device++) {
      const slots = deviceRows[device * DEVICE_FIELDS + DEVICE.slots] ?? 0;
      series[(FIXED_SERIES + device) * HISTORY_BUCKETS + bucket] = slots;
    }
  }

  #writeGrowth(bucket: number): void {
    const { growth } = this.#source;
    for (let field = 0; field < GROWTH_TOTAL_FIELDS; field++) {
      const added = (growth[field] as number) - (this.#growthBefore[field] as number);
      this.series[(SERIES.grown + field) * HISTORY_BUCKETS + bucket] = added;
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
  if (row === SERIES.usedMin || row === SERIES.transientMin) return Math.min(earlier, later);
  if (row === SERIES.usedMax || row === SERIES.transientMax || row === SERIES.waiting) {
    return Math.max(earlier, later);
  }
  const isCount = row === SERIES.failures || (row >= SERIES.grown && row <= SERIES.conversions);
  return isCount ? earlier + later : later;
}
