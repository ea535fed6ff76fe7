import { at } from '../model/array.ts';
import type { DmaDevice } from '../model/device.ts';
import { SLOT_BYTES } from '../model/geometry.ts';
import type { Pool } from '../model/pool.ts';
import { followLock, lockParting, modelLock, recordedLock } from './lock-check.ts';
import { UNKNOWN } from './recording.ts';
import { parting, type Parting, type ReplayContext } from './replay-context.ts';
import { releaseRun } from './release-run.ts';
import { hex, type ReplayStep } from './replay-step.ts';

/** Replays unmap `row` and fills `out`. @returns its first difference, or null. */
export function replayUnmap(
  context: ReplayContext,
  row: number,
  step: number,
  out: ReplayStep,
): Parting | null {
  const { recording, swiotlb, alias } = context;
  const { events } = recording;
  const tlb = at(events.addr, row);
  const device = swiotlb.devices[at(events.device, row)];
  if (device === undefined) throw new RangeError(`row ${row} names a device that is not there`);
  out.kind = 'unmap';
  out.tlb = tlb;
  out.size = at(events.size, row);
  // The model may have put this mapping elsewhere; that difference was told when it was mapped.
  const own = alias.get(tlb) ?? tlb;
  alias.delete(tlb);
  if (!swiotlb.locate(device, own)) {
    out.pool = null;
    freeAsRecorded(context, step);
    return parting(`a live mapping at ${hex(tlb)}`, 'none');
  }
  const { pool, slot, nslots } = swiotlb.releasing;
  out.pool = pool;
  out.slot = slot;
  out.nslots = nslots;
  const moved = own !== tlb;
  const difference = moved ? null : compareRelease(context, row, step);
  const kept = release(context, device, row);
  return difference ?? kept;
}

/** Frees what was located. @returns what the throttle has to say of it. */
function release(
  { swiotlb, throttle }: ReplayContext,
  device: DmaDevice,
  row: number,
): Parting | null {
  const { pool, slot } = swiotlb.releasing;
  const mapRow = (pool?.table.tag(slot) ?? 0) - 1;
  swiotlb.release(device);
  // A kernel without a throttle has nobody to tell of it.
  return throttle?.unmapped(row, mapRow, swiotlb.releasing) ?? null;
}

/** Frees what the recorded lock says was freed, so that the replay can go on. */
function freeAsRecorded(context: ReplayContext, step: number): void {
  const { recording, swiotlb } = context;
  const { pool } = recordedLock(context, step, 0);
  const first = at(recording.steps.place, step);
  const isRun = pool !== null && first < pool.nslabs && pool.table.runStart(first) === first;
  if (isRun) releaseRun(recording, swiotlb, pool, first);
}

/** What the recording says of an unmap, part by part; the first that differs. */
function compareRelease(context: ReplayContext, row: number, step: number): Parting | null {
  const { pool } = context.swiotlb.releasing;
  if (pool === null) return null;
  const { steps } = context.recording;
  const named = comparePlace(context, pool, row, step);
  if (named !== null) return named;
  if (at(steps.place, step) === UNKNOWN) return compareUnlocked(context, pool);
  return compareRun(context, pool, step) ?? compareArea(context, pool, step);
}

/** Only a transient pool goes without a lock, where locks were recorded and none is missing. */
function compareUnlocked({ recording, adoption }: ReplayContext, pool: Pool): Parting | null {
  if (recording.header.order !== 'lock' || adoption !== null) return null;
  if (pool.kind === 'transient') return null;
  return parting('the end of a transient pool', `a buffer of the pool at ${hex(pool.base)}`);
}

/** The data's slot and the pool, both of which repeat the address. */
function comparePlace(
  { recording }: ReplayContext,
  pool: Pool,
  row: number,
  step: number,
): Parting | null {
  const { events, steps } = recording;
  const slot = at(events.slot, row);
  const dataSlot = Math.floor((at(events.addr, row) - pool.base) / SLOT_BYTES);
  if (slot !== UNKNOWN && slot !== dataSlot) return parting(`slot ${slot}`, `slot ${dataSlot}`);
  const base = at(steps.poolBase, step);
  if (base === -1 || base === pool.base) return null;
  return parting(`pool ${hex(base)}`, `pool ${hex(pool.base)}`);
}

/** First slot and number of slots freed. */
function compareRun(
  { recording, swiotlb }: ReplayContext,
  pool: Pool,
  step: number,
): Parting | null {
  const { steps } = recording;
  const { slot, nslots } = swiotlb.releasing;
  const kernelSlot = at(steps.place, step);
  const kernelSlots = at(steps.nslots, step);
  if (kernelSlot === slot && kernelSlots === nslots) return null;
  return {
    expected: `slots ${rangeText(kernelSlot, kernelSlots)} freed`,
    got: `slots ${rangeText(slot, nslots)} freed`,
    kernelAt: { pool: pool.id, slot: kernelSlot, nslots: kernelSlots },
    modelAt: { pool: pool.id, slot, nslots },
  };
}

/** Hint and use of the area before. */
function compareArea(context: ReplayContext, pool: Pool, step: number): Parting | null {
  const { area } = context.swiotlb.releasing;
  const seen = { ...recordedLock(context, step, area), pool };
  if (context.adoption !== null) return followLock(context.adoption, seen);
  return lockParting(seen, modelLock(pool, area));
}

function rangeText(first: number, nslots: number): string {
  return `${first} to ${first + nslots - 1}`;
}
