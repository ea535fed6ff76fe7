/**
 * Blocks with two slots a pixel, as a pool of a gigabyte has: comparing, remembering and painting in
 * one go over the words of a whole block, which is what lets half a million slots change in every
 * frame.
 */
import { lineTop, type PlacedBlock, type Scene } from './scene.ts';
import type { PixelTarget } from './slot-pixels.ts';
import type { Compared } from './slot-memory.ts';
import type { SlotTable } from './slot-table.ts';

/** Slots compared at a time, and such eights passed over at a time. */
const EIGHT = 8;
const STRIDE = 8;

function isOnTarget(placed: PlacedBlock, target: PixelTarget): boolean {
  return (
    placed.shape.xPx >= 2 * placed.shape.unitPx &&
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
    block.lineSlots % (EIGHT * STRIDE) === 0 &&
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

/** What is painted, and with what. */
export interface PairBrush {
  readonly target: PixelTarget;
  readonly scene: Scene;
  readonly table: SlotTable;
  readonly source: PairSource;
}

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
  /** Pixels of the mark that says a line is used; it stands twice as far left of the line. */
  readonly unit: number;
  readonly used: number;
  readonly unused: number;
  /** 1 for each line that changed. */
  readonly dirty: Uint8Array;
}

/** Which lines of a block changed; one list for all blocks. */
let dirtyLines = new Uint8Array(1 << 9);

function jobOf(brush: PairBrush, placed: PlacedBlock): Job {
  const { target, scene, table, source } = brush;
  const { block, shape, from, to } = placed;
  if (dirtyLines.length < to - from) dirtyLines = new Uint8Array(to - from);
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
    unit: scene.unitPx | 0,
    used: scene.key.palette.packed.ink2,
    unused: scene.key.palette.packed.bg,
    dirty: dirtyLines,
  };
}

/** Marks whether anything in a line is used. */
function mark(job: Job, row: number, isUsed: boolean): void {
  const colour = isUsed ? job.used : job.unused;
  const left = row - 2 * job.unit;
  for (let pixel = left; pixel < left + job.unit; pixel++) job.pixels[pixel] = colour;
}

/** The eights of a block that changed; one list for all blocks. */
let changes = new Uint32Array(1 << 12);

/** Whether four eights in a row are the same; small enough to be taken into the loop around it. */
function isSame(now: Float64Array, before: Float64Array, eight: number): boolean {
  return (
    now[eight] === before[eight] &&
    now[eight + 1] === before[eight + 1] &&
    now[eight + 2] === before[eight + 2] &&
    now[eight + 3] === before[eight + 3]
  );
}

/** Lists the eights that changed. Most did not: eight of them are passed over at a time. */
function listChanges({ now, before, first, behind }: Job, list: Uint32Array): number {
  let count = 0;
  for (let eight = first; eight < behind; eight += STRIDE) {
    if (isSame(now, before, eight) && isSame(now, before, eight + 4)) continue;
    for (let one = eight; one < eight + STRIDE; one++) {
      if (now[one] !== before[one]) list[count++] = one;
    }
  }
  return count;
}

/** Paints the listed eights and remembers them. */
function paintListed(job: Job, list: Uint32Array, count: number): void {
  const { pixels, words, now, before, pairs, mask, eights, first, row, step, dirty } = job;
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
    dirty[line] = 1;
  }
}

/** Marks the lines that changed as used or unused. */
function markChanged(job: Job, lines: number): void {
  const { now, eights, first, row, step, dirty } = job;
  for (let line = 0; line < lines; line++) {
    if (dirty[line] === 0) continue;
    const behind = first + (line + 1) * eights;
    let eight = behind - eights;
    while (eight < behind && now[eight] === 0) eight++;
    mark(job, row + line * step, eight < behind);
  }
}

/** Paints all eights without looking; they are not remembered. */
function paintWhole(job: Job): void {
  const { pixels, words, pairs, mask, eights, behind, step } = job;
  let { row, first } = job;
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
    mark(job, row, used !== 0);
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

/** The lines of a block that changed, from `first` to behind `last`, counted on the canvas. */
export interface DirtyLines {
  readonly first: number;
  readonly behind: number;
  /** Whether what changed is remembered already. */
  readonly remembered: boolean;
}

/** Paints what changed of a block. @returns null when nothing did. */
export function paintPairs(brush: PairBrush, placed: PlacedBlock): DirtyLines | null {
  const job = jobOf(brush, placed);
  const lines = placed.to - placed.from;
  if (isStirred(job)) {
    paintWhole(job);
    return { first: 0, behind: lines, remembered: false };
  }
  const room = job.behind - job.first;
  if (changes.length < room) changes = new Uint32Array(room);
  const count = listChanges(job, changes);
  if (count === 0) return null;
  job.dirty.fill(0, 0, lines);
  paintListed(job, changes, count);
  markChanged(job, lines);
  const line = (index: number) => Math.floor(((changes[index] as number) - job.first) / job.eights);
  return { first: line(0), behind: line(count - 1) + 1, remembered: true };
}
