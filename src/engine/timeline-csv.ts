/**
 * The history's buckets as a table of comma-separated values: the numbers that the timeline is
 * painted from, exactly as they are kept. Units stand in the header.
 */
import { csvLine } from './csv.ts';
import { FIXED_SERIES, HEADER, type FrameView, type SERIES } from './frame.ts';

/** Columns of the fixed series, in the order in which they are kept. */
const COLUMNS: Readonly<Record<keyof typeof SERIES, string>> = {
  usedMin: 'used_min_slots',
  usedMax: 'used_max_slots',
  capacity: 'io_tlb_nslabs_slots',
  hiwater: 'io_tlb_used_hiwater_slots',
  failures: 'failed_maps',
  highThrottle: 'high_throttle_slots',
  lowThrottle: 'low_throttle_slots',
  waiting: 'most_asleep_requests',
  transientMin: 'transient_min_slots',
  transientMax: 'transient_max_slots',
  grown: 'pools_added',
  halved: 'pools_added_smaller',
  growthFailed: 'growths_failed',
  transients: 'transient_pools',
  transientsFailed: 'transient_pools_failed',
  ordersRefused: 'blocks_refused',
  conversions: 'conversion_calls',
};

/** A stretch of virtual time, ns. */
export interface CsvStretch {
  readonly fromNs: number;
  readonly toNs: number;
}

/**
 * The table: a row per bucket, with every bucket that the stretch touches.
 *
 * @param devices names, by index: a column each, with their slots in use at the bucket's end.
 */
export function timelineCsv(
  frame: FrameView,
  devices: readonly string[],
  stretch: CsvStretch,
): string {
  const bucketNs = frame.head(HEADER.bucketNs);
  const nowNs = frame.head(HEADER.timeNs);
  const filled = frame.head(HEADER.bucketsFilled);
  const count = FIXED_SERIES + frame.counts.devices;
  const series = Array.from({ length: count }, (_, index) => frame.series(index));
  const names = Array.from(
    { length: frame.counts.devices },
    (_, index) => `${devices[index] ?? `device ${index}`}_at_end_slots`,
  );
  let text = csvLine(['from_ns', 'to_ns', ...Object.values(COLUMNS), ...names]);
  for (let bucket = 0; bucket < filled; bucket++) {
    const fromNs = bucket * bucketNs;
    const toNs = Math.min(nowNs, fromNs + bucketNs);
    if (toNs < stretch.fromNs || fromNs > stretch.toNs) continue;
    text += csvLine([fromNs, toNs, ...series.map((row) => row[bucket] ?? 0)]);
  }
  return text;
}
