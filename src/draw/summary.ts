/** The pools in words and rows, for whoever cannot see the picture, and for the table view. */
import {
  AREA,
  OWNER_DEVICE_MASK,
  OWNER_FIRST,
  OWNER_PADDING,
  POOL,
  POOL_KINDS,
  type FrameView,
} from '../engine/frame.ts';
import { figure, percentOf } from './figures.ts';

export interface AreaSummary {
  /** Area of its pool, and its row in the frame. */
  readonly area: number;
  readonly row: number;
  readonly slots: number;
  readonly used: number;
  readonly free: number;
  /** Longest run of free slots: the largest buffer that still fits. */
  readonly longestFreeRun: number;
  /** Slot of the pool where the next search begins. */
  readonly hint: number;
}

/** The areas of a pool. */
export function areaSummaries(frame: FrameView, poolRow: number): AreaSummary[] {
  const first = frame.pool(poolRow, POOL.areaOffset);
  const slots = frame.pool(poolRow, POOL.areaNslabs);
  return Array.from({ length: frame.pool(poolRow, POOL.nareas) }, (_, area) => {
    const used = frame.area(first + area, AREA.used);
    return {
      area,
      row: first + area,
      slots,
      used,
      free: slots - used,
      longestFreeRun: frame.area(first + area, AREA.longestFreeRun),
      hint: area * slots + frame.area(first + area, AREA.index),
    };
  });
}

/** One sentence on a pool. */
export function poolSentence(frame: FrameView, poolRow: number): string {
  const areas = areaSummaries(frame, poolRow);
  const slots = frame.pool(poolRow, POOL.nslabs);
  const used = areas.reduce((sum, area) => sum + area.used, 0);
  const longest = Math.max(0, ...areas.map(({ longestFreeRun }) => longestFreeRun));
  const kind = POOL_KINDS[frame.pool(poolRow, POOL.kind)] ?? 'default';
  const count = areas.length === 1 ? 'one area' : `${areas.length} areas`;
  return (
    `${kind[0]?.toUpperCase()}${kind.slice(1)} pool, ${figure(slots)} slots in ${count}: ` +
    `${figure(used)} used (${percentOf(used, slots)}), longest free run ${figure(longest)}.`
  );
}

/** Neighbouring slots of one mapping, or free ones. Free runs end where a segment does. */
export interface SlotRun {
  readonly first: number;
  readonly nslots: number;
  /** Row of the frame's device table; -1 when the run is free. */
  readonly device: number;
  /** Slots of it that are padding. */
  readonly padding: number;
}

const SEGMENT_SLOTS = 128;

/** Whether the run that `owner` belongs to ends before the slot with byte `next`. */
function endsBefore(owner: number, next: number, slot: number): boolean {
  const isFree = (owner & OWNER_DEVICE_MASK) === 0;
  if (isFree !== ((next & OWNER_DEVICE_MASK) === 0)) return true;
  return isFree ? slot % SEGMENT_SLOTS === 0 : (next & OWNER_FIRST) !== 0;
}

/**
 * The runs of a pool from slot `from` on, at most `maxRuns` of them: what a table shows, and what is
 * read out while walking.
 */
export function runsTable(
  frame: FrameView,
  poolRow: number,
  from: number,
  maxRuns: number,
): SlotRun[] {
  const offset = frame.pool(poolRow, POOL.slotOffset);
  const nslabs = frame.pool(poolRow, POOL.nslabs);
  const runs: SlotRun[] = [];
  let slot = from;
  while (slot < nslabs && runs.length < maxRuns) {
    const owner = frame.owner[offset + slot] ?? 0;
    let padding = 0;
    let behind = slot;
    do {
      if ((frame.owner[offset + behind] ?? 0) & OWNER_PADDING) padding++;
      behind++;
    } while (behind < nslabs && !endsBefore(owner, frame.owner[offset + behind] ?? 0, behind));
    const device = (owner & OWNER_DEVICE_MASK) - 1;
    runs.push({ first: slot, nslots: behind - slot, device, padding });
    slot = behind;
  }
  return runs;
}
