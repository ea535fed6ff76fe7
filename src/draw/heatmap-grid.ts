/**
 * The rows of all pools as one picture, kept between frames: only slots that changed are painted
 * anew, and only the boxes that changed are put on the canvas.
 */
import type { FrameView } from '../engine/frame.ts';
import { lineTop, type PixelBox, type PlacedBlock, type Scene } from './scene.ts';
import {
  fillSlotPixels,
  slotBytes,
  type PixelTarget,
  type SlotBytes,
  type SlotLine,
} from './slot-pixels.ts';

/** Slots compared at a time: four owner bytes are one word. */
const WORD_SLOTS = 4;

/** How far the end of an area inside a row stands out of it (CSS px). */
const POST_PX = 2;

/** Bytes of the last frame, to tell what changed. */
class Memory {
  #bytes = new Uint8Array(0);
  words = new Int32Array(0);

  /** Whether `bytes` can be compared with what is remembered. */
  fits(bytes: Uint8Array): boolean {
    return bytes.length === this.#bytes.length;
  }

  remember(bytes: Uint8Array): void {
    if (!this.fits(bytes)) {
      // Whole words behind the last slot, so that the last ones are compared as well.
      const room = new ArrayBuffer(Math.ceil(bytes.length / WORD_SLOTS) * WORD_SLOTS);
      this.#bytes = new Uint8Array(room, 0, bytes.length);
      this.words = new Int32Array(room);
    }
    this.#bytes.set(bytes);
  }
}

/** Reads bytes four at a time. Bytes behind the last whole word are looked at one by one. */
function wordsOf(bytes: Uint8Array): Int32Array {
  return new Int32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / WORD_SLOTS));
}

interface Compared {
  readonly now: Int32Array;
  readonly before: Int32Array;
}

/** A line that is walked, reused for all of them. */
type Walker = SlotLine;

export class HeatmapGrid {
  readonly #owner = new Memory();
  readonly #shade = new Memory();
  readonly #line: Walker = { yPx: 0, offset: 0, from: 0, to: 0, length: 0 };
  readonly target: PixelTarget;
  readonly image: ImageData;

  constructor(widthPx: number, heightPx: number) {
    this.image = new ImageData(widthPx, heightPx);
    this.target = { pixels: new Uint32Array(this.image.data.buffer), widthPx, heightPx };
  }

  /** Paints everything anew on the bare ground. */
  paintAll(frame: FrameView, scene: Scene): void {
    this.target.pixels.fill(scene.key.palette.packed.bg);
    const bytes = this.#bytes(frame, scene);
    for (const placed of scene.placed) {
      for (let line = placed.from; line < placed.to; line++) {
        this.#seek(placed, line);
        this.#fill(placed, scene, bytes);
        this.#mark(placed, scene, bytes.owner);
      }
    }
    this.#remember(frame);
  }

  /**
   * Paints what changed since the last frame.
   *
   * @returns one box a block that changed, or null when the frame cannot be compared with the last.
   */
  paintChanges(frame: FrameView, scene: Scene): PixelBox[] | null {
    if (!this.#owner.fits(frame.owner) || !this.#shade.fits(frame.shade)) return null;
    const bytes = this.#bytes(frame, scene);
    const compared = [{ now: wordsOf(frame.owner), before: this.#owner.words }];
    if (frame.shade.length > 0) {
      compared.push({ now: wordsOf(frame.shade), before: this.#shade.words });
    }
    const boxes: PixelBox[] = [];
    for (const placed of scene.placed) {
      const box = this.#paintBlock(placed, scene, bytes, compared);
      if (box) boxes.push(box);
    }
    if (boxes.length > 0) this.#remember(frame);
    return boxes;
  }

  #bytes(frame: FrameView, scene: Scene): SlotBytes {
    return slotBytes(frame.owner, frame.shade, scene.tables[0]?.shaded ?? false);
  }

  #remember(frame: FrameView): void {
    this.#owner.remember(frame.owner);
    this.#shade.remember(frame.shade);
  }

  /** Sets the walker to a whole line. */
  #seek(placed: PlacedBlock, line: number): void {
    const { block } = placed;
    const walker = this.#line;
    const first = line * block.lineSlots;
    walker.yPx = lineTop(placed, line);
    walker.offset = block.slotOffset + block.firstSlot + first;
    walker.length = Math.min(block.lineSlots, block.nslots - first);
    walker.from = 0;
    walker.to = walker.length;
  }

  #paintBlock(
    placed: PlacedBlock,
    scene: Scene,
    bytes: SlotBytes,
    compared: readonly Compared[],
  ): PixelBox | null {
    let first = -1;
    let last = -1;
    for (let line = placed.from; line < placed.to; line++) {
      this.#seek(placed, line);
      if (!this.#paintRuns(placed, scene, bytes, compared)) continue;
      if (first < 0) first = line;
      last = line;
    }
    return first < 0 ? null : linesBox(placed, first, last + 1);
  }

  /** Paints the runs of changed words of the walker's line; false when there is none. */
  #paintRuns(
    placed: PlacedBlock,
    scene: Scene,
    bytes: SlotBytes,
    compared: readonly Compared[],
  ): boolean {
    const walker = this.#line;
    const end = walker.offset + walker.length;
    let painted = false;
    let word = walker.offset >> 2;
    const behind = (end + WORD_SLOTS - 1) >> 2;
    while (word < behind) {
      const from = nextChange(compared, word, behind);
      if (from >= behind) break;
      word = nextSame(compared, from, behind);
      walker.from = Math.max(0, from * WORD_SLOTS - walker.offset);
      walker.to = Math.min(walker.length, word * WORD_SLOTS - walker.offset);
      this.#fill(placed, scene, bytes);
      painted = true;
    }
    if (painted) this.#mark(placed, scene, bytes.owner);
    return painted;
  }

  /** Fills `from` to `to` of the walker's line, area by area where areas have their own colours. */
  #fill(placed: PlacedBlock, scene: Scene, bytes: SlotBytes): void {
    const walker = this.#line;
    const [table] = scene.tables;
    if (!table) return;
    if (scene.tables.length === 1) {
      fillSlotPixels(this.target, placed.shape, walker, bytes, table);
      return;
    }
    const { block } = placed;
    const { from, to } = walker;
    const base = walker.offset - block.slotOffset;
    for (let at = from; at < to; at = walker.to) {
      const area = Math.floor((base + at) / block.areaNslabs);
      walker.from = at;
      walker.to = Math.min(to, (area + 1) * block.areaNslabs - base);
      const own = scene.tables[area % scene.tables.length] ?? table;
      fillSlotPixels(this.target, placed.shape, walker, bytes, own);
    }
  }

  /** Marks of a line: ends of areas inside it, and that anything is used below a pixel a slot. */
  #mark(placed: PlacedBlock, scene: Scene, owner: Uint8Array): void {
    if (placed.shape.perPixel > 0) this.#markUsed(placed, scene, owner);
    else if (placed.block.areaNslabs % placed.block.lineSlots !== 0) this.#markAreas(placed, scene);
  }

  #markUsed(placed: PlacedBlock, scene: Scene, owner: Uint8Array): void {
    const { offset, length, yPx } = this.#line;
    let any = 0;
    for (let slot = offset; slot < offset + length; slot++) any |= owner[slot] as number;
    const { ink2, bg } = scene.key.palette.packed;
    const x = placed.shape.xPx - 2 * scene.unitPx;
    this.#box({ x, y: yPx, width: scene.unitPx, height: placed.shape.cellPx }, any ? ink2 : bg);
  }

  #markAreas(placed: PlacedBlock, scene: Scene): void {
    const { block, shape } = placed;
    if (block.nareas === 1 || block.barPx !== null) return;
    const { offset, length, yPx } = this.#line;
    const base = offset - block.slotOffset;
    const start = Math.ceil(base / block.areaNslabs) * block.areaNslabs;
    const colour = scene.key.palette.packed.ink2;
    for (let slot = start; slot < base + length; slot += block.areaNslabs) {
      if (slot === base) continue;
      const x = shape.xPx + (shape.edges[slot - base] as number);
      // A post that stands out of the row into the wall above.
      const height = shape.cellPx + POST_PX * scene.unitPx;
      this.#box({ x, y: yPx - POST_PX * scene.unitPx, width: scene.unitPx, height }, colour);
    }
  }

  #box(box: PixelBox, colour: number): void {
    fillBox(this.target, box, colour);
  }
}

/** Fills a box, cut to the target. */
export function fillBox(target: PixelTarget, box: PixelBox, colour: number): void {
  const left = Math.max(0, box.x);
  const right = Math.min(target.widthPx, box.x + box.width);
  const bottom = Math.min(target.heightPx, box.y + box.height);
  if (left >= right) return;
  for (let y = Math.max(0, box.y); y < bottom; y++) {
    target.pixels.fill(colour, y * target.widthPx + left, y * target.widthPx + right);
  }
}

/** The box of lines `from` to `to`, with the marks at their left. */
function linesBox(placed: PlacedBlock, from: number, to: number): PixelBox {
  const { shape, rightPx } = placed;
  const x = shape.xPx - 2 * shape.unitPx;
  const y = lineTop(placed, from) - POST_PX * shape.unitPx;
  return { x, y, width: rightPx - x, height: lineTop(placed, to - 1) + shape.cellPx - y };
}

function isChanged(compared: readonly Compared[], word: number): boolean {
  for (const { now, before } of compared) {
    if (now[word] !== before[word]) return true;
  }
  return false;
}

/** The first word from `word` on that changed, or `behind`. */
function nextChange(compared: readonly Compared[], word: number, behind: number): number {
  const [one, other] = compared;
  if (!one) return behind;
  if (other) {
    let at = word;
    while (at < behind && !isChanged(compared, at)) at++;
    return at;
  }
  const { now, before } = one;
  let at = word;
  while (at < behind && now[at] === before[at]) at++;
  return at;
}

function nextSame(compared: readonly Compared[], word: number, behind: number): number {
  let at = word;
  while (at < behind && isChanged(compared, at)) at++;
  return at;
}
