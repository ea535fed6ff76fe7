/**
 * Blocks with two slots a pixel, as a pool of a gigabyte has: comparing, remembering and painting in
 * one go over the words of a whole block, which is what lets half a million slots change in every
 * frame.
 */
import { lineTop, type PlacedBlock, type Scene } from './scene.ts';
import type { PixelTarget } from './slot-pixels.ts';
import type { Compared } from './slot-memory.ts';
import type { SlotTable } from './slot-table.ts';

/** Slots compared at a time. */
const EIGHT = 8;

function isOnTarget(placed: PlacedBlock, target: PixelTarget): boolean {
  return (
    placed.shape.xPx >= 0 &&
    placed.rightPx <= target.widthPx &&
    lineTop(placed, placed.from) >= 0 &&
    lineTop(placed, placed.to - 1) < target.heightPx
  );
}

/** Whether all slots of a block are coloured by one table, the same for its whole length. */
function isOneArea({ block }: PlacedBlock, scene: Scene): boolean {
  if (scene.tables.length === 1) return true;
  const last = block.firstSlot + block.nslots - 1;
  return Math.floor(block.firstSlot / block.areaNslabs) === Math.floor(last / block.areaNslabs);
}

/** Whether all lines of a block are whole eights of slots, two slots a pixel, wholly on the target. */
export function isPaired(placed: PlacedBlock, target: PixelTarget, scene: Scene): boolean {
  const { block, shape } = placed;
  return (
    shape.perPixel === 2 &&
    shape.cellPx === 1 &&
    Number.isInteger(placed.pitchPx) &&
    (block.slotOffset + block.firstSlot) % EIGHT === 0 &&
    block.lineSlots % EIGHT === 0 &&
    block.nslots % block.lineSlots === 0 &&
    isOnTarget(placed, target) &&
    isOneArea(placed, scene)
  );
}

/**
 * The owner bytes of a frame and of the last one, eight slots at a time. Read as doubles, equal
 * numbers are equal bytes but for zeros of either sign, and the other zero would be a slot that
 * begins a mapping of no device.
 */
export interface PairSource {
  readonly words: Int32Array;
  readonly now: Float64Array;
  readonly before: Float64Array;
}

/** Null when the bytes do not stand where doubles may. */
export function pairSource({ now, before }: Compared): PairSource | null {
  if (now.byteOffset % Float64Array.BYTES_PER_ELEMENT !== 0) return null;
  const length = Math.floor(Math.min(now.length, before.length) / 2);
  return {
    words: now,
    now: new Float64Array(now.buffer, now.byteOffset, length),
    before: new Float64Array(before.buffer, before.byteOffset, length),
  };
}

/** What `paintPairs` says of a line. */
export const LINE = {
  same: 0,
  /** It changed, and whether anything in it is used has to be looked up. */
  changed: 1,
  /** It changed, and something in it is used; with the bit of `changed` or without. */
  used: 2,
} as const;

/** A block to paint. Numbers are whole. */
interface Job extends PairSource {
  readonly pixels: Uint32Array;
  readonly pairs: Uint32Array;
  readonly mask: number;
  /** Eights of a line, and the block's first and behind its last on the canvas. */
  readonly eights: number;
  readonly first: number;
  readonly behind: number;
  /** First pixel of the first line, and pixels from line to line. */
  readonly row: number;
  readonly step: number;
}

function jobOf(
  target: PixelTarget,
  placed: PlacedBlock,
  source: PairSource,
  table: SlotTable,
): Job {
  const { block, shape, from, to } = placed;
  const eights = block.lineSlots / EIGHT;
  const start = (block.slotOffset + block.firstSlot) / EIGHT;
  return {
    ...source,
    pixels: target.pixels,
    pairs: table.pairs,
    mask: table.mask,
    // Lengths come out of divisions as doubles: an engine has to be told that they are indices.
    eights: eights | 0,
    first: (start + from * eights) | 0,
    behind: (start + to * eights) | 0,
    row: (lineTop(placed, from) * target.widthPx + shape.xPx) | 0,
    step: (target.widthPx * placed.pitchPx) | 0,
  };
}

/** The eights of a block that changed; one list for all blocks. */
let changes = new Uint32Array(1 << 12);

/** Lists the eights that changed: a loop of its own, small enough to stay in registers. */
function listChanges(
  now: Float64Array,
  before: Float64Array,
  first: number,
  behind: number,
  list: Uint32Array,
): number {
  let count = 0;
  let eight = first;
  for (;;) {
    while (eight < behind && now[eight] === before[eight]) eight++;
    if (eight >= behind) return count;
    list[count++] = eight++;
  }
}

/** Paints the listed eights and remembers them. */
function paintListed(job: Job, list: Uint32Array, count: number, lines: Uint8Array): void {
  const { pixels, words, now, before, pairs, mask, eights, first, row, step } = job;
  for (let index = 0; index < count; index++) {
    const eight = list[index] as number;
    const line = ((eight - first) / eights) | 0;
    const pixel = row + line * step + ((eight - first - line * eights) << 2);
    const one = (words[eight << 1] as number) & mask;
    const two = (words[(eight << 1) + 1] as number) & mask;
    pixels[pixel] = pairs[one & 0xffff] as number;
    pixels[pixel + 1] = pairs[one >>> 16] as number;
    pixels[pixel + 2] = pairs[two & 0xffff] as number;
    pixels[pixel + 3] = pairs[two >>> 16] as number;
    before[eight] = now[eight] as number;
    lines[line] = (lines[line] as number) | ((one | two) === 0 ? LINE.changed : LINE.used);
  }
}

/** Paints all eights without looking; they are not remembered. */
function paintWhole(job: Job, lines: Uint8Array): void {
  const { pixels, words, pairs, mask, eights, behind, step } = job;
  let { row, first } = job;
  let line = 0;
  while (first < behind) {
    const end = first + eights;
    let pixel = row;
    let used = 0;
    for (; first < end; first++) {
      const one = (words[first << 1] as number) & mask;
      const two = (words[(first << 1) + 1] as number) & mask;
      pixels[pixel] = pairs[one & 0xffff] as number;
      pixels[pixel + 1] = pairs[one >>> 16] as number;
      pixels[pixel + 2] = pairs[two & 0xffff] as number;
      pixels[pixel + 3] = pairs[two >>> 16] as number;
      used |= one | two;
      pixel += 4;
    }
    lines[line++] = used === 0 ? LINE.changed : LINE.used;
    row += step;
  }
}

/** Whether so much of a block's first line changed that all of it is better painted unseen. */
function isStirred({ now, before, first, eights }: Job): boolean {
  for (let eight = first; eight < first + eights; eight++) {
    if (now[eight] === before[eight]) return false;
  }
  return true;
}

/**
 * Paints what changed of a block.
 *
 * @param lines is given a `LINE` for each line on the canvas
 * @returns whether what changed is remembered already.
 */
export function paintPairs(
  target: PixelTarget,
  placed: PlacedBlock,
  source: PairSource,
  table: SlotTable,
  lines: Uint8Array,
): boolean {
  const job = jobOf(target, placed, source, table);
  if (isStirred(job)) {
    paintWhole(job, lines);
    return false;
  }
  lines.fill(LINE.same, 0, placed.to - placed.from);
  const { now, before, first, behind } = job;
  if (changes.length < behind - first) changes = new Uint32Array(behind - first);
  paintListed(job, changes, listChanges(now, before, first, behind, changes), lines);
  return true;
}
