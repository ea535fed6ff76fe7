/**
 * A layout seen through a viewport, in device pixels: which blocks are on the canvas, how their lines
 * become pixels, and which table colours them. Made anew when any of its inputs changes.
 */
import type { ColourMode } from '../engine/frame.ts';
import { blockMetrics, type BlockMetrics } from './block-metrics.ts';
import type { Block, PoolsLayout } from './layout-types.ts';
import type { Palette } from './palette.ts';
import type { LineShape } from './slot-pixels.ts';
import { slotTables, type SlotTable } from './slot-table.ts';
import type { Viewport } from './viewport.ts';

/** What a scene is made from. Compared by identity, `viewport` field by field. */
export interface SceneKey {
  readonly layout: PoolsLayout;
  readonly viewport: Viewport;
  readonly palette: Palette;
  readonly mode: ColourMode;
  readonly off: ReadonlySet<string>;
  readonly dpr: number;
  /** Canvas, device pixels. */
  readonly widthPx: number;
  readonly heightPx: number;
}

/** A block on the canvas. Lengths are device pixels. */
export interface PlacedBlock {
  readonly block: Block;
  readonly shape: LineShape;
  readonly metrics: BlockMetrics;
  /** Top of line 0 and from line to line; may be broken, `lineTop` rounds. */
  readonly yPx: number;
  readonly pitchPx: number;
  /** Lines on the canvas, `to` behind the last. */
  readonly from: number;
  readonly to: number;
  readonly rightPx: number;
}

export interface Scene {
  readonly key: SceneKey;
  readonly placed: readonly PlacedBlock[];
  readonly tables: readonly SlotTable[];
  /** Whole device pixels a CSS pixel. */
  readonly unitPx: number;
}

/** Cells from this width on have a gap of ground between free ones (CSS px). */
const WALLED_CELL_PX = 5;

/** Left edges of the slots of a line, or slots of its pixels when several share one. */
function edgesOf(lineSlots: number, cellPx: number): { edges: Int32Array; perPixel: number } {
  if (cellPx >= 1) {
    const edges = Int32Array.from({ length: lineSlots + 1 }, (_, slot) =>
      Math.round(slot * cellPx),
    );
    return { edges, perPixel: 0 };
  }
  const pixels = Math.max(1, Math.ceil(lineSlots * cellPx - 1e-6));
  const edges = Int32Array.from({ length: pixels + 1 }, (_, pixel) =>
    Math.min(lineSlots, Math.round(pixel / cellPx)),
  );
  edges[pixels] = lineSlots;
  const share = 1 / cellPx;
  return { edges, perPixel: Number.isInteger(share) ? share : Math.ceil(share) };
}

function placeBlock(block: Block, key: SceneKey): PlacedBlock | null {
  const { viewport, dpr } = key;
  const zoom = viewport.scale * dpr;
  const metrics = blockMetrics(block, viewport.scale);
  const unitPx = Math.max(1, Math.round(dpr));
  const { edges, perPixel } = edgesOf(block.lineSlots, block.cellW * zoom);
  const xPx = Math.round((block.x - viewport.x) * zoom);
  const yPx = Math.round((block.y - viewport.y) * zoom);
  const pitchPx = block.pitch * zoom;
  const columns = perPixel > 0 ? edges.length - 1 : (edges[edges.length - 1] ?? 0);
  const cellWidth = block.cellW * zoom;
  const shape: LineShape = {
    xPx,
    // A wall of half a pixel still is one: the cell gives way.
    cellPx: Math.max(1, Math.floor(metrics.cellPx * dpr + 1e-6)),
    edges,
    perPixel,
    edgePx: cellWidth < 2 ? 0 : cellWidth < 6 ? 1 : unitPx,
    wallPx: block.cellW * viewport.scale >= WALLED_CELL_PX && block.barPx === null ? unitPx : 0,
    unitPx,
  };
  const from = Math.max(0, Math.floor(-yPx / pitchPx) - 1);
  const to = Math.min(block.lines, Math.ceil((key.heightPx - yPx) / pitchPx) + 1);
  const rightPx = xPx + columns;
  if (from >= to || rightPx <= 0 || xPx >= key.widthPx) return null;
  return { block, shape, metrics, yPx, pitchPx, from, to, rightPx };
}

/** The tables of a scene before, when nothing that decides colours changed since. */
function tablesFor(key: SceneKey, before: Scene | null): readonly SlotTable[] {
  const old = before?.key;
  const isSame = old?.palette === key.palette && old.mode === key.mode && old.off === key.off;
  return before && isSame ? before.tables : slotTables(key.mode, key.palette, key.off);
}

/** Makes a scene; `before` is the one it takes the place of, if any. */
export function makeScene(key: SceneKey, before: Scene | null): Scene {
  return {
    key,
    placed: key.layout.blocks
      .map((block) => placeBlock(block, key))
      .filter((placed): placed is PlacedBlock => placed !== null),
    tables: tablesFor(key, before),
    unitPx: Math.max(1, Math.round(key.dpr)),
  };
}

export function sameKey(one: SceneKey, other: SceneKey): boolean {
  return (
    one.layout === other.layout &&
    one.palette === other.palette &&
    one.off === other.off &&
    one.mode === other.mode &&
    one.dpr === other.dpr &&
    one.widthPx === other.widthPx &&
    one.heightPx === other.heightPx &&
    one.viewport.scale === other.viewport.scale &&
    one.viewport.x === other.viewport.x &&
    one.viewport.y === other.viewport.y
  );
}

/** Top of a line's cells, a whole device pixel. */
export function lineTop(placed: PlacedBlock, line: number): number {
  return Math.round(placed.yPx + line * placed.pitchPx);
}

/** A rectangle of device pixels. */
export interface PixelBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where slots `from` to `to` of one line of a block are; null when the block does not hold them. */
export function slotsBox(placed: PlacedBlock, slot: number, nslots: number): PixelBox | null {
  const { block, shape } = placed;
  const at = slot - block.firstSlot;
  if (at < 0 || at >= block.nslots) return null;
  const line = Math.floor(at / block.lineSlots);
  const column = at % block.lineSlots;
  const behind = Math.min(block.lineSlots, column + nslots);
  const left = shape.xPx + pixelOf(shape, column);
  const right = shape.xPx + Math.max(pixelOf(shape, behind), pixelOf(shape, column) + 1);
  return { x: left, y: lineTop(placed, line), width: right - left, height: shape.cellPx };
}

/** Left edge of a slot in the line, counted from slot 0. */
function pixelOf(shape: LineShape, column: number): number {
  if (shape.perPixel === 0) return shape.edges[column] ?? 0;
  return Math.floor(
    (column * (shape.edges.length - 1)) / (shape.edges[shape.edges.length - 1] ?? 1),
  );
}
