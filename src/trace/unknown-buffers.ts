/**
 * Buffers whose map the recording does not show: live when it began, or mapped while events were
 * lost. They show themselves when they are unmapped; taking them beforehand lets the decisions in
 * between be predicted.
 */
import { at } from '../model/array.ts';
import { SEGMENT_SLOTS, SLOT_BYTES } from '../model/geometry.ts';
import { EVENT, UNKNOWN, type ReadRecording, type UnknownBuffer } from './recording.ts';

/** Slots looked at between two breaths: a few milliseconds of work. */
const BREATH_SLOTS = 2 ** 17;
/** More than there are positions and buffers: a sort key of two of them fits a double. */
const KEY_LIMIT = 2 ** 24;

/** A buffer's unmap, told by what an unmap repeats of its map. */
function likeness(recording: ReadRecording, row: number): string {
  const { device, size, direction } = recording.events;
  return `${device[row]} ${size[row]} ${direction[row]}`;
}

/**
 * The unmaps whose address no map before them returned. In a recording without known gaps none of
 * them, when each could belong to an earlier map that failed or was never unmapped: then something
 * was altered and nothing is missing.
 */
export function* unknownUnmaps(recording: ReadRecording): Generator<void, number[], void> {
  const { events, steps, order } = recording;
  const live = new Map<number, number>();
  const failed: number[] = [];
  const unknown: number[] = [];
  for (const [position, step] of order.entries()) {
    if (position % BREATH_SLOTS === 0) yield;
    const row = at(steps.row, step);
    const kind = at(events.kind, row);
    // Only the last step of a map gives it its address.
    if (kind === EVENT.map && step === at(events.stepStart, row + 1) - 1) {
      const result = at(events.result, row);
      if (result >= 0) live.set(result, row);
      else failed.push(row);
    }
    if (kind === EVENT.unmap && !live.delete(at(events.addr, row))) unknown.push(row);
  }
  if (unknown.length === 0 || recording.gaps.length > 0) return unknown;
  const explained = yield* areExplained(recording, unknown, [...live.values(), ...failed]);
  return explained ? [] : unknown;
}

/** Whether every unmap has a map of its own, before it and like it. */
function* areExplained(
  recording: ReadRecording,
  unmaps: readonly number[],
  maps: readonly number[],
): Generator<void, boolean, void> {
  const byLikeness = new Map<string, number[]>();
  for (const [index, row] of Uint32Array.from(maps).toSorted().toReversed().entries()) {
    if (index % BREATH_SLOTS === 0) yield;
    const like = likeness(recording, row);
    const rows = byLikeness.get(like);
    if (rows === undefined) byLikeness.set(like, [row]);
    else rows.push(row);
  }
  for (const [index, row] of unmaps.entries()) {
    if (index % BREATH_SLOTS === 0) yield;
    // The earliest map stands last in its list and is taken first.
    const map = byLikeness.get(likeness(recording, row))?.pop() ?? row;
    if (map >= row) return false;
  }
  return true;
}

/** When each unknown buffer must have been taken at the latest, in the order of taking. */
export function* unknownBuffers(
  recording: ReadRecording,
  unmaps: readonly number[],
): Generator<void, UnknownBuffer[], void> {
  if (unmaps.length === 0) return [];
  const { steps, order } = recording;
  const wanted = new Set(unmaps);
  /** Per slot address: the position behind the last known use of that slot. */
  const usedUntil = new Map<number, number>();
  const buffers: UnknownBuffer[] = [];
  let seen = 0;
  for (const [position, step] of order.entries()) {
    const row = at(steps.row, step);
    if (at(recording.events.kind, row) !== EVENT.unmap) continue;
    const run = runOf(recording, row, step);
    let beforeStep = 0;
    for (let slot = 0; slot < run.nslots; slot++) {
      const addr = run.addr + slot * SLOT_BYTES;
      beforeStep = Math.max(beforeStep, usedUntil.get(addr) ?? 0);
      usedUntil.set(addr, position + 1);
    }
    if (wanted.has(row)) buffers.push({ row, beforeStep });
    seen += run.nslots + 1;
    if (seen < BREATH_SLOTS) continue;
    seen = 0;
    yield;
  }
  yield;
  return inOrder(buffers);
}

/** Sorted by when they must be taken; numbers sort many times faster than objects. */
function inOrder(buffers: readonly UnknownBuffer[]): UnknownBuffer[] {
  const keys = Float64Array.from(
    buffers,
    ({ beforeStep }, index) => beforeStep * KEY_LIMIT + index,
  ).toSorted();
  return Array.from(keys, (key) => buffers[key % KEY_LIMIT]).filter(
    (buffer) => buffer !== undefined,
  );
}

/** The slots that an unmap freed: from its lock, or as far as its size tells. */
export function runOf(
  recording: ReadRecording,
  row: number,
  step: number,
): { readonly addr: number; readonly nslots: number } {
  const { events, steps, header } = recording;
  const tlb = at(events.addr, row);
  const base =
    at(steps.poolBase, step) === -1 ? (header.pools[0]?.base ?? 0) : at(steps.poolBase, step);
  if (at(steps.place, step) !== UNKNOWN) {
    const nslots = Math.min(at(steps.nslots, step), SEGMENT_SLOTS);
    return { addr: base + at(steps.place, step) * SLOT_BYTES, nslots };
  }
  const addr = base + Math.floor((tlb - base) / SLOT_BYTES) * SLOT_BYTES;
  const nslots = Math.ceil((at(events.size, row) + (tlb - addr)) / SLOT_BYTES);
  return { addr, nslots: Math.min(nslots, SEGMENT_SLOTS) };
}
