/** What the files of debugfs say. */
import type { KernelCounters, KernelFile } from './file-tree.ts';

type FileName =
  | 'io_tlb_nslabs'
  | 'io_tlb_used'
  | 'io_tlb_used_hiwater'
  | 'io_tlb_transient_nslabs'
  | 'high_throttle'
  | 'low_throttle'
  | 'high_throttle_count'
  | 'low_throttle_count';

/** A file, as `ls -l` shows it, and what it says. */
export type Row = readonly [name: FileName, mode: KernelFile['mode'], value: number];

/** The files of debugfs in the order in which they are shown. */
export function debugfsRows(counters: Omit<KernelCounters, 'regions'>): readonly Row[] {
  const { nslabs, used, hiwater, transientNslabs, throttle } = counters;
  const rows: Row[] = [
    ['io_tlb_nslabs', '-r--------', nslabs],
    ['io_tlb_used', '-r--------', used],
    ['io_tlb_used_hiwater', '-rw-------', hiwater],
  ];
  if (transientNslabs !== null) {
    rows.push(['io_tlb_transient_nslabs', '-r--------', transientNslabs]);
  }
  if (throttle !== null) {
    rows.push(
      ['high_throttle', '-rw-------', throttle.high],
      ['low_throttle', '-rw-------', throttle.low],
      ['high_throttle_count', '-rw-------', throttle.highCount],
      ['low_throttle_count', '-rw-------', throttle.lowCount],
    );
  }
  return rows;
}
