/**
 * Where everything of the pools panel stands: the shapes that `layoutPools` gives and painters, hit
 * test and viewport read.
 *
 * *World* coordinates are CSS pixels of the panel as it fits (viewport scale 1, nothing panned).
 */
import type { PoolKind } from '../engine/frame.ts';

/** What the layout must know about a pool. */
export interface PoolShape {
  readonly id: number;
  readonly kind: PoolKind;
  readonly nslabs: number;
  readonly nareas: number;
  readonly areaNslabs: number;
  readonly slotOffset: number;
  readonly areaOffset: number;
}

export interface PanelBox {
  readonly widthPx: number;
  /** What the layout may take; it takes less when the pools are small. */
  readonly heightPx: number;
}

export interface PoolsStyle {
  /** Width of the text left of the rows: 50 on the stage, 64 in present mode, 0 on a phone. */
  readonly gutterPx: number;
  /** A phone: no gutter text, margins of 16, cells of broken width. */
  readonly compact: boolean;
  /** Text size relative to the stage's 11 and 12 px: 1, or 1.58 in present mode. */
  readonly fontScale: number;
  /** Device pixels a CSS pixel. */
  readonly dpr: number;
  /** The machine may grow: reserves the place of dynamic and transient pools from the start. */
  readonly dynamic: boolean;
}

/** Lines of slots drawn together: an area or a part of one, a pool, a folded pool, a bar. */
export interface Block {
  /** Row in the frame's pool table, and the pool's id. */
  readonly pool: number;
  readonly poolId: number;
  readonly kind: PoolKind;
  /** First slot and slots, counted in the pool. A block starts where a line starts. */
  readonly firstSlot: number;
  readonly nslots: number;
  /** Slots a line: 128, one segment; more when the pool is folded or too large for the panel. */
  readonly lineSlots: number;
  readonly lines: number;
  /** World position of the first line's slot 0. */
  readonly x: number;
  readonly y: number;
  /** World pixels a slot, and from line to line. */
  readonly cellW: number;
  readonly pitch: number;
  /** A transient pool: one framed bar of this height; else null and the pitch decides. */
  readonly barPx: number | null;
  /** One of many such bars in a line: there is no room for its label. Left out: it has one. */
  readonly isBare?: true;
  /** Slots an area of the pool, to mark the ends of areas inside the block. */
  readonly areaNslabs: number;
  /** Place of the pool's areas in the frame's area table, and of its slots in the owner bytes. */
  readonly areaOffset: number;
  readonly nareas: number;
  readonly slotOffset: number;
}

/** Room between gutter text and rows: the usage bar stands there. */
export const GUTTER_GAP_PX = 10;

/** From this scale on text is that of a hall. */
const HALL_SCALE = 1.3;

/** Whether the gutter's text is that of a hall: larger than its scale alone would make it. */
export function isForHall(fontScale: number): boolean {
  return fontScale > HALL_SCALE;
}

/** Height of a line of the gutter's text, CSS px. */
export function gutterLinePx(fontScale: number): number {
  return isForHall(fontScale) ? 24 : 13;
}

/** How many lines of text a gutter has room for. */
export type GutterRoom = 'full' | 'most' | 'half' | 'number' | 'none';

/** The text and the usage bar left of some rows. */
export interface Gutter {
  /** World position of the rows it belongs to: their left edge, top, height. */
  readonly x: number;
  readonly y: number;
  readonly heightPx: number;
  /** Width its text may take, counted from `GUTTER_GAP_PX` left of the rows. */
  readonly textPx: number;
  readonly pool: number;
  /** Areas it speaks for; the usage bar shows `barAreas` of them, one part each. */
  readonly firstArea: number;
  readonly areas: number;
  /** First row of the pool, when an area is cut over columns; else -1. */
  readonly fromRow: number;
  readonly room: GutterRoom;
  /** Speaks for a whole pool of the strip rather than for an area. */
  readonly wholePool: boolean;
  /** Older dynamic pools folded to a line each; 0 elsewhere. */
  readonly folded: number;
}

export interface PoolTitle {
  readonly x: number;
  readonly y: number;
  readonly widthPx: number;
  readonly kind: PoolKind;
  /** Rows of the frame's pool table it stands for; empty while there is none yet. */
  readonly pools: readonly number[];
  /** Pools it stands for that found no room. */
  readonly hidden: number;
}

/** Numbers over a column: 0, 32, 64, 96, 128 = 256 KiB. */
export interface Axis {
  readonly x: number;
  readonly y: number;
  readonly cellW: number;
  readonly lineSlots: number;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

export interface PoolsLayout {
  readonly widthPx: number;
  /** Height used. */
  readonly heightPx: number;
  readonly style: PoolsStyle;
  /** In drawn order, from the top. */
  readonly blocks: readonly Block[];
  readonly gutters: readonly Gutter[];
  readonly titles: readonly PoolTitle[];
  readonly axes: readonly Axis[];
  /** The place kept for dynamic pools while there is none. */
  readonly reserved: Box | null;
  /** World pixels a slot in the main pools, what zooming snaps by. */
  readonly cellW: number;
}
