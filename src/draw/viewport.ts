/**
 * Zooming and panning the pools panel.
 *
 * A viewport says which part of the world (the panel as it fits) is on the canvas: `x`, `y` is the
 * world point in its top left corner, `scale` how many canvas pixels a world pixel takes. Scales
 * snap so that a cell is a whole number of device pixels, or a whole number of cells a pixel.
 */
import type { SlotRef } from '../engine/slot-story.ts';
import { blockMetrics, blockOf } from './block-metrics.ts';
import type { Block, PoolsLayout } from './layout-types.ts';

export interface Viewport {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const FIT: Viewport = { scale: 1, x: 0, y: 0 };

/** Widest cell, CSS px: wide enough to write the four fields of a slot into it. */
export const MAX_CELL_PX = 150;
/** From this width on a cell shows its `list`, from the next one all four fields. */
export const LIST_CELL_PX = 20;
export const FIELDS_CELL_PX = 132;
/** Slots whose fields a worker gives at a time. */
const MAX_DETAIL_SLOTS = 4096;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function toScreen(viewport: Viewport, worldX: number, worldY: number): Point {
  return { x: (worldX - viewport.x) * viewport.scale, y: (worldY - viewport.y) * viewport.scale };
}

export function toWorld(viewport: Viewport, screenX: number, screenY: number): Point {
  return { x: screenX / viewport.scale + viewport.x, y: screenY / viewport.scale + viewport.y };
}

function maxScale(layout: PoolsLayout): number {
  return Math.max(1, MAX_CELL_PX / layout.cellW);
}

/** The nearest scale at which a cell is a whole number of device pixels, or the other way round. */
export function snapScale(layout: PoolsLayout, scale: number): number {
  if (scale <= 1) return 1;
  const cell = layout.cellW * layout.style.dpr;
  const wanted = Math.min(scale, maxScale(layout)) * cell;
  const whole = wanted < 1 ? 2 ** Math.round(Math.log2(wanted)) : Math.round(wanted);
  return Math.max(1, whole / cell);
}

/** Keeps the canvas inside the world. */
export function clampViewport(viewport: Viewport, layout: PoolsLayout): Viewport {
  const { scale } = viewport;
  const limit = (value: number, size: number) => Math.max(0, Math.min(value, size - size / scale));
  return {
    scale,
    x: limit(viewport.x, layout.widthPx),
    y: limit(viewport.y, layout.heightPx),
  };
}

function scaleAround(viewport: Viewport, layout: PoolsLayout, scale: number, at: Point): Viewport {
  const world = toWorld(viewport, at.x, at.y);
  return clampViewport({ scale, x: world.x - at.x / scale, y: world.y - at.y / scale }, layout);
}

/** Zooms so that a pinch or Ctrl+wheel of `factor` keeps what is under `at` where it is. */
export function zoomAt(
  viewport: Viewport,
  layout: PoolsLayout,
  factor: number,
  at: Point,
): Viewport {
  return scaleAround(viewport, layout, snapScale(layout, viewport.scale * factor), at);
}

/** How much a key press or a click zooms. */
const STEP = 1.5;

/** How far a block is from a world point; 0 inside of it. */
function distanceTo(block: Block, { x, y }: Point): number {
  const right = block.x + block.lineSlots * block.cellW;
  const bottom = block.y + block.lines * block.pitch;
  return Math.max(block.x - x, x - right, 0) + Math.max(block.y - y, y - bottom, 0);
}

/**
 * Where to zoom without a pointer: the middle of the canvas, or, when that is between the pools, the
 * middle of the rows nearest to it.
 */
function middleOf(viewport: Viewport, layout: PoolsLayout): Point {
  const middle = { x: layout.widthPx / 2, y: layout.heightPx / 2 };
  const world = toWorld(viewport, middle.x, middle.y);
  const [nearest] = layout.blocks.toSorted(
    (one, other) => distanceTo(one, world) - distanceTo(other, world),
  );
  if (!nearest || distanceTo(nearest, world) === 0) return middle;
  const centre = nearest.x + (nearest.lineSlots * nearest.cellW) / 2;
  const top = Math.max(nearest.y, Math.min(world.y, nearest.y + nearest.lines * nearest.pitch));
  return toScreen(viewport, centre, top);
}

/** One step in (1) or out (-1), around the middle of what is seen or around `at`. */
export function zoomStep(
  viewport: Viewport,
  layout: PoolsLayout,
  direction: 1 | -1,
  at: Point = middleOf(viewport, layout),
): Viewport {
  const cell = layout.cellW * layout.style.dpr;
  let scale = viewport.scale * STEP ** direction;
  const snapped = snapScale(layout, scale);
  // A step that snaps back to where it came from would be a key that does nothing.
  if (snapped === viewport.scale) {
    const device = viewport.scale * cell;
    const next =
      device < 1 || (device === 1 && direction < 0) ? device * 2 ** direction : device + direction;
    scale = next / cell;
  }
  return scaleAround(viewport, layout, snapScale(layout, scale), at);
}

/** Moves what is seen by so many canvas pixels: positive looks further right and down. */
export function panBy(
  viewport: Viewport,
  layout: PoolsLayout,
  deltaX: number,
  deltaY: number,
): Viewport {
  const { scale, x, y } = viewport;
  return clampViewport({ scale, x: x + deltaX / scale, y: y + deltaY / scale }, layout);
}

/** Pans the least that brings a slot into view, with some air around it. */
export function showSlot(viewport: Viewport, layout: PoolsLayout, ref: SlotRef): Viewport {
  const block = blockOf(layout, ref);
  if (!block) return viewport;
  const at = ref.slot - block.firstSlot;
  const left = block.x + (at % block.lineSlots) * block.cellW;
  const top = block.y + Math.floor(at / block.lineSlots) * block.pitch;
  const air = 24 / viewport.scale;
  const shift = (from: number, length: number, seen: number, size: number) => {
    if (from - air < seen) return from - air;
    if (from + length + air > seen + size) return from + length + air - size;
    return seen;
  };
  const { scale } = viewport;
  return clampViewport(
    {
      scale,
      x: shift(left, block.cellW, viewport.x, layout.widthPx / scale),
      y: shift(top, block.pitch, viewport.y, layout.heightPx / scale),
    },
    layout,
  );
}

/** The lines of a block that are on the canvas, from the first to behind the last. */
function visibleLines(
  block: Block,
  viewport: Viewport,
  heightPx: number,
): { from: number; to: number } {
  const top = viewport.y - block.y;
  const bottom = top + heightPx / viewport.scale;
  return {
    from: Math.max(0, Math.min(block.lines, Math.floor(top / block.pitch))),
    to: Math.max(0, Math.min(block.lines, Math.ceil(bottom / block.pitch))),
  };
}

/** A run of slots to ask the fields of. */
export interface DetailWish {
  readonly from: SlotRef;
  readonly count: number;
}

/**
 * The slots whose fields are worth asking for: those in view, once cells are wide enough to hold a
 * number. Null when they are not, or when nothing is in view.
 */
export function visibleDetail(layout: PoolsLayout, viewport: Viewport): DetailWish | null {
  const middleY = viewport.y + layout.heightPx / viewport.scale / 2;
  let best: DetailWish | null = null;
  let nearest = Infinity;
  for (const block of layout.blocks) {
    if (block.cellW * viewport.scale < LIST_CELL_PX || block.barPx !== null) continue;
    if (!blockMetrics(block, viewport.scale).lanes) continue;
    const { from, to } = visibleLines(block, viewport, layout.heightPx);
    if (from >= to || block.x > viewport.x + layout.widthPx / viewport.scale) continue;
    if (block.x + block.lineSlots * block.cellW < viewport.x) continue;
    const distance = Math.abs(block.y + ((from + to) / 2) * block.pitch - middleY);
    if (distance >= nearest) continue;
    nearest = distance;
    const first = from * block.lineSlots;
    const last = Math.min(to * block.lineSlots, block.nslots);
    const count = Math.min(last - first, MAX_DETAIL_SLOTS);
    best = { from: { pool: block.poolId, slot: block.firstSlot + first }, count };
  }
  return best;
}
