/**
 * The pools panel: rows, marks and words.
 *
 *     const ctx = heatmapContext(canvas);
 *     paintHeatmap(ctx, frame, { layout, viewport, palette }, options);   // with every frame
 *
 * The canvas is `layout.widthPx` by `layout.heightPx` CSS px, times `options.dpr`. The picture is a
 * function of the arguments alone; what is kept between calls, one painter a context, only serves to
 * leave out what did not change. Everything but text is one pixel array: rows by table look-up, marks
 * stamped over them; what changed is put on the canvas box by box.
 */
import type { FrameView } from '../engine/frame.ts';
import { paintLinesText } from './cell-text.ts';
import { Chrome } from './chrome.ts';
import { HeatmapGrid } from './heatmap-grid.ts';
import { fillBox } from './line-marks.ts';
import type { HeatmapOptions } from './heatmap-options.ts';
import type { PoolsLayout } from './layout-types.ts';
import { modeOf } from './legend.ts';
import { marksOf } from './marks.ts';
import type { Palette } from './palette.ts';
import { paintPlates, platesOf, samePlates, type Plate } from './plates.ts';
import {
  lineTop,
  makeScene,
  sameKey,
  type PixelBox,
  type PlacedBlock,
  type Scene,
  type SceneKey,
} from './scene.ts';
import { clipBox, sameStamp, Stamps, type Stamp } from './stamps.ts';
import { UsageBars } from './usage-bars.ts';
import type { Viewport } from './viewport.ts';

export type { HeatmapOptions } from './heatmap-options.ts';

/** Where and in which colours a heatmap is painted. */
export interface HeatmapLook {
  readonly layout: PoolsLayout;
  readonly viewport: Viewport;
  readonly palette: Palette;
}

/** The context to paint with: opaque, which spares the compositor a blend. */
export function heatmapContext(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
  return canvas.getContext('2d', { alpha: false });
}

interface Pen {
  readonly ctx: CanvasRenderingContext2D;
  readonly frame: FrameView;
  readonly scene: Scene;
  readonly options: HeatmapOptions;
}

class HeatmapPainter {
  readonly #ctx: CanvasRenderingContext2D;
  readonly #chrome = new Chrome();
  readonly #stamps = new Stamps();
  readonly #usage = new UsageBars();
  #grid: HeatmapGrid | null = null;
  #scene: Scene | null = null;
  #plates: readonly Plate[] = [];
  #detail: HeatmapOptions['detail'] = null;

  constructor(ctx: CanvasRenderingContext2D) {
    this.#ctx = ctx;
  }

  paint(frame: FrameView, key: SceneKey, options: HeatmapOptions): void {
    const before = this.#scene;
    const scene = before && sameKey(before.key, key) ? before : makeScene(key, before);
    const pen = { ctx: this.#ctx, frame, scene, options };
    const plates = platesOf(this.#ctx, frame, scene, options);
    const isSame = scene === this.#scene && samePlates(plates, this.#plates);
    this.#plates = plates;
    this.#scene = scene;
    if (!isSame || !this.#paintChanges(pen)) this.#paintAll(pen);
    this.#detail = options.detail;
    paintPlates(this.#ctx, scene, plates);
  }

  /** The grid of the canvas' size. */
  #gridFor({ widthPx, heightPx }: SceneKey): HeatmapGrid {
    const grid = this.#grid;
    if (grid && grid.target.widthPx === widthPx && grid.target.heightPx === heightPx) return grid;
    this.#grid = new HeatmapGrid(widthPx, heightPx);
    return this.#grid;
  }

  #paintAll(pen: Pen): void {
    const { ctx, frame, scene, options } = pen;
    const grid = this.#gridFor(scene.key);
    this.#stamps.forget();
    grid.paintAll(frame, scene);
    paintBarFrames(grid, scene);
    this.#usage.lay(frame, scene);
    this.#usage.draw(grid.target, frame, scene, []);
    this.#stamps.press(grid.target, marksOf(frame, scene, options));
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.putImageData(grid.image, 0, 0);
    ctx.setTransform(scene.key.dpr, 0, 0, scene.key.dpr, 0, 0);
    this.#chrome.reset();
    this.#chrome.paintFixed(pen);
    this.#chrome.paint(pen);
    for (const placed of scene.placed) paintLinesText(pen, placed, placed.from, placed.to);
  }

  /** False when everything has to be painted anew. */
  #paintChanges(pen: Pen): boolean {
    const { ctx, frame, scene, options } = pen;
    const grid = this.#gridFor(scene.key);
    const before = this.#stamps.drawn;
    this.#stamps.lift(grid.target);
    const boxes = grid.paintChanges(frame, scene);
    if (!boxes) return false;
    const rows = boxes.length;
    const stamps = marksOf(frame, scene, options);
    this.#usage.draw(grid.target, frame, scene, boxes);
    this.#stamps.press(grid.target, stamps);
    addChangedStamps(before, stamps, boxes);
    dropCovered(boxes, rows);
    const written = linesWritten(scene, boxes, options.detail !== this.#detail);
    for (const lines of written) boxes.push(lines.box);
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    for (const box of boxes) putBox(ctx, grid, box);
    ctx.setTransform(scene.key.dpr, 0, 0, scene.key.dpr, 0, 0);
    this.#chrome.paint(pen);
    for (const { placed, from, to } of written) paintLinesText(pen, placed, from, to);
    return true;
  }
}

/** A transient pool's bar stands in a frame of its own. */
function paintBarFrames(grid: HeatmapGrid, scene: Scene): void {
  const colour = scene.key.palette.packed.ink2;
  const thick = scene.unitPx;
  for (const { block, shape, rightPx, yPx } of scene.placed) {
    if (block.barPx === null) continue;
    const x = shape.xPx - 2 * thick;
    const y = yPx - 2 * thick;
    const width = rightPx - shape.xPx + 4 * thick;
    const height = shape.cellPx + 4 * thick;
    fillBox(grid.target, { x, y, width, height: thick }, colour);
    fillBox(grid.target, { x, y: y + height - thick, width, height: thick }, colour);
    fillBox(grid.target, { x, y, width: thick, height }, colour);
    fillBox(grid.target, { x: x + width - thick, y, width: thick, height }, colour);
  }
}

/** The boxes of marks that moved, came or went. */
function addChangedStamps(
  before: readonly Stamp[],
  now: readonly Stamp[],
  boxes: PixelBox[],
): void {
  for (let index = 0; index < Math.max(before.length, now.length); index++) {
    const old = before[index];
    const stamp = now[index];
    if (old && stamp && sameStamp(old, stamp)) continue;
    if (old) boxes.push(old.box);
    if (stamp) boxes.push(stamp.box);
  }
}

function covers(outer: PixelBox, inner: PixelBox): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

/** Leaves out small boxes, from index `rows` on, that the boxes of rows before them cover. */
function dropCovered(boxes: PixelBox[], rows: number): void {
  let kept = rows;
  for (let index = rows; index < boxes.length; index++) {
    const box = boxes[index];
    if (!box) continue;
    let isCovered = false;
    for (let row = 0; row < rows && !isCovered; row++) {
      const outer = boxes[row];
      isCovered = outer !== undefined && covers(outer, box);
    }
    if (!isCovered) boxes[kept++] = box;
  }
  boxes.length = kept;
}

function putBox(ctx: CanvasRenderingContext2D, grid: HeatmapGrid, box: PixelBox): void {
  const { x, y, width, height } = clipBox(box, grid.target);
  if (width > 0 && height > 0) ctx.putImageData(grid.image, 0, 0, x, y, width, height);
}

/** Lines with text in or below them whose pixels are put on the canvas anew. */
interface WrittenLines {
  readonly placed: PlacedBlock;
  readonly from: number;
  readonly to: number;
  readonly box: PixelBox;
}

function touches(placed: PlacedBlock, box: PixelBox): boolean {
  return box.x < placed.rightPx && box.x + box.width > placed.shape.xPx;
}

/** Lines whose text a put box would damage: as many as `boxes` reach, or all of them. */
function linesWritten(scene: Scene, boxes: readonly PixelBox[], all: boolean): WrittenLines[] {
  const written: WrittenLines[] = [];
  for (const placed of scene.placed) {
    if (placed.metrics.lanes === 0) continue;
    let from = all ? placed.from : placed.to;
    let to = all ? placed.to : placed.from;
    for (const box of boxes) {
      if (!touches(placed, box)) continue;
      from = Math.min(from, Math.floor((box.y - placed.yPx) / placed.pitchPx));
      to = Math.max(to, Math.ceil((box.y + box.height - placed.yPx) / placed.pitchPx));
    }
    from = Math.max(placed.from, from);
    to = Math.min(placed.to, to);
    if (from >= to) continue;
    const y = lineTop(placed, from);
    const { xPx } = placed.shape;
    const box = { x: xPx, y, width: placed.rightPx - xPx, height: lineTop(placed, to) - y };
    written.push({ placed, from, to, box });
  }
  return written;
}

const painters = new WeakMap<CanvasRenderingContext2D, HeatmapPainter>();

/** See the head of this file. */
export function paintHeatmap(
  ctx: CanvasRenderingContext2D,
  frame: FrameView,
  look: HeatmapLook,
  options: HeatmapOptions,
): void {
  let painter = painters.get(ctx);
  if (!painter) {
    painter = new HeatmapPainter(ctx);
    painters.set(ctx, painter);
  }
  const { width, height } = ctx.canvas;
  const key: SceneKey = {
    ...look,
    mode: modeOf(frame),
    off: options.off,
    dpr: options.dpr,
    widthPx: width,
    heightPx: height,
  };
  painter.paint(frame, key, options);
}
