/**
 * The rows of all pools as one picture, kept between frames: only slots that changed are painted
 * anew, and only the boxes that changed are put on the canvas.
 */
import type { FrameView } from '../engine/frame.ts';
import { markLine, POST_PX } from './line-marks.ts';
import { isPaired, paintPairs, pairSource, type PairSource } from './paired-lines.ts';
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
    let above: PlacedBlock | null = null;
    for (const placed of scene.placed) {
      const box = this.#paintBlock(placed, source);
      if (!box) continue;
      addBelow(boxes, box, above?.block.pool === placed.block.pool);
      above = placed;
    }
    if (this.#stale) this.#remember(frame);
    return boxes;
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
    const { scene, pairs } = source;
    this.#seek(placed, placed.from);
    const table = this.#tableAt(placed, source, 0);
    if (!table || !pairs || !isPaired(placed, this.target, scene)) {
      return this.#paintLines(placed, source);
    }
    const dirty = paintPairs({ target: this.target, scene, table, source: pairs }, placed);
    if (!dirty) return null;
    if (!dirty.remembered) this.#stale = true;
    return linesBox(placed, placed.from + dirty.first, placed.from + dirty.behind);
  }

  /** The same, line by line. */
  #paintLines(placed: PlacedBlock, source: Source): PixelBox | null {
    let first = -1;
    let last = -1;
    for (let line = placed.from; line < placed.to; line++) {
      this.#seek(placed, line);
      if (!this.#paintRuns(placed, source)) continue;
      markLine(this.target, placed, this.#line, source.scene, source.bytes.owner);
      if (first < 0) first = line;
      last = line;
    }
    if (first < 0) return null;
    this.#stale = true;
    return linesBox(placed, first, last + 1);
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

/**
 * Adds a box; one below another of the same pool and column is put together with it, since few large
 * boxes are put faster than many small ones. Between pools stand titles.
 */
function addBelow(boxes: PixelBox[], box: PixelBox, isSamePool: boolean): void {
  const last = boxes.at(-1);
  if (isSamePool && last?.x === box.x && last.width === box.width && box.y > last.y) {
    boxes[boxes.length - 1] = { ...last, height: box.y + box.height - last.y };
  } else boxes.push(box);
}
