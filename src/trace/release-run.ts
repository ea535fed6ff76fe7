import { at } from '../model/array.ts';
import { SLOT_BYTES } from '../model/geometry.ts';
import type { Pool } from '../model/pool.ts';
import type { Swiotlb } from '../model/swiotlb.ts';
import type { Recording } from './recording.ts';

/** Unmaps the run that starts at slot `first`, whoever's it is; its tag names the event's row. */
export function releaseRun(
  recording: Recording,
  swiotlb: Swiotlb,
  pool: Pool,
  first: number,
): void {
  const { table } = pool;
  const row = table.tag(first) - 1;
  const device = row < 0 ? undefined : swiotlb.devices[at(recording.events.device, row)];
  if (device === undefined) return;
  const end = first + table.runSlots(first);
  let data = first;
  while (data < end && table.runOfData(data) !== first) data++;
  const low = (table.origAddr(data) % (device.demands.minAlignMask + 1)) % SLOT_BYTES;
  swiotlb.unmap(device, pool.base + data * SLOT_BYTES + low);
}
