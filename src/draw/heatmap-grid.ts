/**
 * The rows of all pools as one picture, kept between frames: only slots that changed are painted
 * anew, and only the boxes that changed are put on the canvas.
 */
import type { FrameView } from '../engine/frame.ts';
import { isMarkedUsed, markLine, POST_PX } from './line-marks.ts';
import { isPaired, LINE, paintPairs, pairSource, type PairSource } from './paired-lines.ts';
import { lineTop, type PixelBox, type PlacedBlock, type Scene } from './scene.ts';
import { nextChange, nextSame, SlotMemory, WORD_SLOTS, type Compared } from './slot-memory.ts';
import {
  fillSlotPixels,
  slotBytes,
  type PixelTarget,
  type SlotBytes,
  type SlotLine,
} from './slot-pixels.ts';
import type { SlotTable } from './slot-table.ts';

/** What a frame is painted from: its bytes, and how they compare with the last ones. */
interface Source {
  readonly scene: Scene;
  readonly bytes: SlotBytes;
  readonly compared: readonly Compared[];
  /** Owner bytes to be painted in pairs; null when the shade decides. */
  readonly pairs: PairSource | null;
}

export class HeatmapGrid {
  readonly #owner = new SlotMemory();
  readonly #shade = new SlotMemory();
  /** The line that is walked, one object for all. */
  readonly #line: SlotLine = { yPx: 0, offset: 0, from: 0, to: 0, length: 0 };
  /** Something was painted that is not remembered yet. */
  #stale = false;
  /** Which lines of a block changed, one array for all blocks. */
  #dirty = new Uint8Array(0);
  readonly target: PixelTarget;
  readonly image: ImageData;

  constructor(widthPx: number, heightPx: number) {
    this.image = new ImageData(widthPx, heightPx);
    this.target = { pixels: new Uint32Array(this.image.data.buffer), widthPx, heightPx };
  }

  /** Paints everything anew on the bare ground. */
  paintAll(frame: FrameView, scene: Scene): void {
    this.target.pixels.fill(scene.key.palette.packed.bg);
    this.#remember(frame);
    const source = this.#source(frame, scene);
    for (const placed of scene.placed) {
      for (let line = placed.from; line < placed.to; line++) {
        this.#seek(placed, line);
        this.#fill(placed, source);
        markLine(this.target, placed, this.#line, scene, frame.owner);
      }
    }
  }

  /**
   * Paints what changed since the last frame.
   *
   * @returns one box a block that changed, or null when the frame cannot be compared with the last.
   */
  paintChanges(frame: FrameView, scene: Scene): PixelBox[] | null {
    if (!this.#owner.fits(frame.owner) || !this.#shade.fits(frame.shade)) return null;
    const source = this.#source(frame, scene);
    const boxes: PixelBox[] = [];
    for (const placed of scene.placed) {
      const box = this.#paintBlock(placed, source);
      if (box) boxes.push(box);
    }
    if (this.#stale) this.#remember(frame);
    return stacked(boxes, scene.unitPx);
  }

  #source(frame: FrameView, scene: Scene): Source {
    const shaded = scene.tables[0]?.shaded ?? false;
    const owner = this.#owner.compare(frame.owner);
    const compared = [owner];
    if (shaded) compared.push(this.#shade.compare(frame.shade));
    return {
      scene,
      bytes: slotBytes(frame.owner, frame.shade, shaded),
      compared,
      pairs: shaded ? null : pairSource(owner),
    };
  }

  #remember(frame: FrameView): void {
    this.#stale = false;
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

  /** Paints what changed of a block. @returns the box of its changed lines. */
  #paintBlock(placed: PlacedBlock, source: Source): PixelBox | null {
    const dirty = this.#dirtyLines(placed, source);
    let first = -1;
    let last = -1;
    for (let line = placed.from; line < placed.to; line++) {
      const state = dirty[line - placed.from];
      if (state === LINE.same) continue;
      if (state === LINE.changed || !isMarkedUsed(this.target, placed, line, source.scene)) {
        this.#seek(placed, line);
        markLine(this.target, placed, this.#line, source.scene, source.bytes.owner);
      }
      if (first < 0) first = line;
      last = line;
    }
    return first < 0 ? null : linesBox(placed, first, last + 1);
  }

  /** Paints the slots that changed of a block. @returns a `LINE` for each line on the canvas. */
  #dirtyLines(placed: PlacedBlock, source: Source): Uint8Array {
    const lines = placed.to - placed.from;
    if (this.#dirty.length < lines) this.#dirty = new Uint8Array(lines);
    this.#seek(placed, placed.from);
    const table = this.#tableAt(placed, source, 0);
    const { pairs } = source;
    if (table && pairs && isPaired(placed, this.target, source.scene)) {
      if (!paintPairs(this.target, placed, pairs, table, this.#dirty)) this.#stale = true;
      return this.#dirty;
    }
    for (let line = 0; line < lines; line++) {
      this.#seek(placed, placed.from + line);
      const changed = this.#paintRuns(placed, source);
      this.#dirty[line] = changed ? LINE.changed : LINE.same;
      if (changed) this.#stale = true;
    }
    return this.#dirty;
  }

  /** Paints the runs of changed words of the walker's line; false when there is none. */
  #paintRuns(placed: PlacedBlock, source: Source): boolean {
    const walker = this.#line;
    const { compared } = source;
    const behind = (walker.offset + walker.length + WORD_SLOTS - 1) >> 2;
    let painted = false;
    let word = walker.offset >> 2;
    while (word < behind) {
      const from = nextChange(compared, word, behind);
      if (from >= behind) break;
      word = nextSame(compared, from, behind);
      walker.from = Math.max(0, from * WORD_SLOTS - walker.offset);
      walker.to = Math.min(walker.length, word * WORD_SLOTS - walker.offset);
      this.#fill(placed, source);
      painted = true;
    }
    return painted;
  }

  /** The table for slot `at` of the walker's line. */
  #tableAt({ block }: PlacedBlock, { scene }: Source, at: number): SlotTable | undefined {
    const { tables } = scene;
    if (tables.length === 1) return tables[0];
    const slot = this.#line.offset - block.slotOffset + at;
    return tables[Math.floor(slot / block.areaNslabs) % tables.length];
  }

  /** Fills `from` to `to` of the walker's line, area by area where areas have their own colours. */
  #fill(placed: PlacedBlock, source: Source): void {
    const walker = this.#line;
    const { block } = placed;
    const { from, to } = walker;
    const base = walker.offset - block.slotOffset;
    for (let at = from; at < to; at = walker.to) {
      const table = this.#tableAt(placed, source, at);
      if (!table) return;
      walker.from = at;
      if (source.scene.tables.length > 1) {
        const area = Math.floor((base + at) / block.areaNslabs);
        walker.to = Math.min(to, (area + 1) * block.areaNslabs - base);
      }
      fillSlotPixels(this.target, placed.shape, walker, source.bytes, table);
    }
  }
}

/** Room left of the rows for marks and the usage bar (CSS px). */
const BESIDE_PX = 7;

/** The box of lines `from` to `to`, with what stands left of them. */
function linesBox(placed: PlacedBlock, from: number, to: number): PixelBox {
  const { shape, rightPx } = placed;
  const x = shape.xPx - BESIDE_PX * shape.unitPx;
  const y = lineTop(placed, from) - POST_PX * shape.unitPx;
  return { x, y, width: rightPx - x, height: lineTop(placed, to - 1) + shape.cellPx - y };
}

/** Boxes so far apart are still put as one; areas are nearer, titles stand in wider gaps. */
const NEAR_PX = 8;

/** Boxes that stand close below each other as one: fewer, larger ones are put faster. */
function stacked(boxes: readonly PixelBox[], unitPx: number): PixelBox[] {
  const columns: PixelBox[] = [];
  for (const box of boxes) {
    const last = columns.at(-1);
    const gap = last ? box.y - (last.y + last.height) : 0;
    if (
      last?.x === box.x &&
      last.width === box.width &&
      box.y > last.y &&
      gap <= NEAR_PX * unitPx
    ) {
      columns[columns.length - 1] = { ...last, height: box.y + box.height - last.y };
    } else columns.push(box);
  }
  return columns;
}
