/** What token, queue and moving requests are painted with, and where they stand on the canvas. */
import type { FrameView } from '../engine/frame.ts';
import type { Palette } from './palette.ts';

/** The canvas and the column on it. CSS px. */
export interface LanePlace {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Left and upper edge of the column of token and queue. */
  readonly leftPx: number;
  readonly topPx: number;
}

export interface LaneOptions {
  readonly dpr: number;
  /** 1 on the stage, 1.58 for a projector. */
  readonly fontScale: number;
  readonly deviceNames: readonly string[];
  /** Virtual ns a wall second, and how long a move takes (`moveNsOf`). */
  readonly paceNs: number;
  readonly moveNs: number;
}

/** What the parts of the lane are painted with. */
export interface LanePen {
  readonly ctx: CanvasRenderingContext2D;
  readonly frame: FrameView;
  readonly place: LanePlace;
  readonly palette: Palette;
  readonly options: LaneOptions;
  /** CSS px of a px of the stage. */
  readonly unit: number;
}

/** Lengths on the stage, px: all times the scale of the text. */
export const TOKEN_X = 12.5;
export const TOKEN_Y = 16;
/** The token and its three lines of words. */
export const TOKEN_HEIGHT_PX = 51;
export const LEAD_PX = 30;
export const CHIP_PX = 9;
const ROW_PX = 15;
const HEAD_PX = 14;
const MOST_ROWS = 10;
/** A projector's rows have a single number, which needs no head. */
export const HEADLESS_SCALE = 1.3;

/** Where the first row begins below the column's top, in px of the stage. */
function queueTop(fontScale: number): number {
  return TOKEN_HEIGHT_PX + (fontScale > HEADLESS_SCALE ? 0 : HEAD_PX);
}

/** Rows there is room for. */
export function fittingRows(place: LanePlace, fontScale: number): number {
  const room = place.heightPx - place.topPx - queueTop(fontScale) * fontScale;
  return Math.max(0, Math.min(MOST_ROWS, Math.floor(room / (ROW_PX * fontScale))));
}

/** Rows shown of `waiting`: with more than there is room for, the last row counts the others. */
export function laneRows(place: LanePlace, fontScale: number, waiting: number): number {
  const fitting = fittingRows(place, fontScale);
  return waiting > fitting ? Math.max(0, fitting - 1) : waiting;
}

/** Upper edge of a place in the queue, CSS px. */
export function rowTop({ place, unit }: LanePen, at: number): number {
  return place.topPx + (queueTop(unit) + at * ROW_PX) * unit;
}
