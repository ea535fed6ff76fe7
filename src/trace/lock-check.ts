import { at } from '../model/array.ts';
import type { Pool } from '../model/pool.ts';
import type { Adoption } from './adoption.ts';
import { parting, type Parting, type ReplayContext } from './replay-context.ts';
import type { SlotSpan } from './replay-step.ts';

/** An area under its lock, as recorded or as the model has it. */
export interface LockSight {
  /** null: a pool that is not in the allocator's list, such as a transient one. */
  readonly pool: Pool | null;
  readonly area: number;
  readonly index: number;
  readonly used: number;
}

/** What the kernel saw under the lock of `step`; `area` is given for unmaps, which name a slot. */
export function recordedLock(context: ReplayContext, step: number, area?: number): LockSight {
  const { recording, swiotlb } = context;
  const { steps } = recording;
  const base = at(steps.poolBase, step);
  return {
    pool: base === -1 ? swiotlb.mem.head : swiotlb.mem.poolAt(base),
    area: area ?? at(steps.place, step),
    index: at(steps.index, step),
    used: at(steps.used, step),
  };
}

/** The same area of the model. */
export function modelLock(pool: Pool, area: number): LockSight {
  return { pool, area, index: at(pool.areaIndex, area), used: at(pool.areaUsed, area) };
}

/** How two sights of one lock differ, or null. */
export function lockParting(expected: LockSight, got: LockSight): Parting | null {
  if (
    expected.pool === got.pool &&
    expected.area === got.area &&
    expected.index === got.index &&
    expected.used === got.used
  ) {
    return null;
  }
  return {
    expected: lockText(expected),
    got: lockText(got),
    kernelAt: hintSpan(expected),
    modelAt: hintSpan(got),
  };
}

/** The lock as sentences show it. */
export function lockText({ pool, area, index, used }: LockSight): string {
  const where = pool === null ? 'another pool, ' : '';
  return `${where}area ${area}, hint ${index}, used ${used}`;
}

/**
 * In a recording with gaps: lets the model's area follow the recorded lock.
 *
 * @returns what was unexpected about it, or null.
 */
export function followLock(adoption: Adoption, seen: LockSight): Parting | null {
  const { pool, area } = seen;
  if (pool === null || area >= pool.nareas || seen.index >= pool.areaNslabs) return null;
  const own = modelLock(pool, area);
  const isNews = adoption.follow(pool, area, seen);
  return isNews ? (lockParting(seen, own) ?? parting(lockText(seen), lockText(own))) : null;
}

/** The slot that a lock's hint points at. */
function hintSpan({ pool, area, index }: LockSight): SlotSpan | null {
  return pool && { pool: pool.id, slot: area * pool.areaNslabs + index, nslots: 1 };
}
