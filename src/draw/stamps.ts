/**
 * Small marks in pixels over the rows: hints, frames, outlines. Each keeps what it covered, so that
 * taking them off gives the bare rows back and nothing has to be painted anew.
 */
import type { PixelTarget } from './slot-pixels.ts';
import type { PixelBox } from './scene.ts';

export type Stamp =
  /** A filled box. */
  | { readonly kind: 'box'; readonly box: PixelBox; readonly colour: number }
  /** A frame inside `box`, `thick` wide; dashed when `dash` is not 0. */
  | {
      readonly kind: 'frame';
      readonly box: PixelBox;
      readonly colour: number;
      readonly thick: number;
      readonly dash: number;
    }
  /** A triangle that points right, its base on the left edge of `box`. */
  | { readonly kind: 'pointer'; readonly box: PixelBox; readonly colour: number };

/** The part of a box that is on the target. */
export function clipBox(box: PixelBox, target: PixelTarget): PixelBox {
  const x = Math.max(0, box.x);
  const y = Math.max(0, box.y);
  const right = Math.min(target.widthPx, box.x + box.width);
  const bottom = Math.min(target.heightPx, box.y + box.height);
  return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) };
}

function sameBox(one: PixelBox, other: PixelBox): boolean {
  return (
    one.x === other.x &&
    one.y === other.y &&
    one.width === other.width &&
    one.height === other.height
  );
}

/** Whether two stamps are the same mark in the same place. */
export function sameStamp(one: Stamp, other: Stamp): boolean {
  if (one.kind !== other.kind || one.colour !== other.colour) return false;
  if (one.kind === 'frame' && other.kind === 'frame') {
    if (one.thick !== other.thick || one.dash !== other.dash) return false;
  }
  return sameBox(one.box, other.box);
}

/** Fills part of a row of a box, cut to the target; `from` and `to` count from the box's left. */
function fillRow(target: PixelTarget, stamp: Stamp, y: number, from: number, to: number): void {
  const { pixels, widthPx, heightPx } = target;
  const row = stamp.box.y + y;
  if (row < 0 || row >= heightPx) return;
  const left = Math.max(0, stamp.box.x + Math.max(0, from));
  const right = Math.min(widthPx, stamp.box.x + Math.min(stamp.box.width, to));
  const at = row * widthPx;
  for (let x = left; x < right; x++) pixels[at + x] = stamp.colour;
}

/** A row of a dashed line. */
function fillDashes(target: PixelTarget, stamp: Stamp, y: number, dash: number): void {
  for (let from = 0; from < stamp.box.width; from += 2 * dash) {
    fillRow(target, stamp, y, from, from + dash);
  }
}

function drawFrame(target: PixelTarget, stamp: Stamp & { kind: 'frame' }): void {
  const { box, thick, dash } = stamp;
  for (let y = 0; y < box.height; y++) {
    const isEdge = y < thick || y >= box.height - thick;
    if (isEdge && dash > 0) fillDashes(target, stamp, y, dash);
    else if (isEdge) fillRow(target, stamp, y, 0, box.width);
    else if (dash === 0 || Math.floor(y / dash) % 2 === 0) {
      fillRow(target, stamp, y, 0, thick);
      fillRow(target, stamp, y, box.width - thick, box.width);
    }
  }
}

function draw(target: PixelTarget, stamp: Stamp): void {
  if (stamp.kind === 'frame') {
    drawFrame(target, stamp);
    return;
  }
  const { width, height } = stamp.box;
  const middle = (height - 1) / 2;
  for (let y = 0; y < height; y++) {
    const share = stamp.kind === 'box' ? 1 : 1 - Math.abs(y - middle) / (middle + 1);
    fillRow(target, stamp, y, 0, Math.round(width * share));
  }
}

/** Room for what marks cover: dozens of hints and a few frames. */
const FIRST_ROOM = 1 << 14;

/** The marks on one target. */
export class Stamps {
  #drawn: readonly Stamp[] = [];
  /** Pixels below all marks, box after box. */
  #covered = new Uint32Array(FIRST_ROOM);

  /** What is stamped now. */
  get drawn(): readonly Stamp[] {
    return this.#drawn;
  }

  /** Gives the bare rows back. */
  lift(target: PixelTarget): void {
    let behind = 0;
    for (const stamp of this.#drawn) behind += areaOf(clipBox(stamp.box, target));
    for (let index = this.#drawn.length - 1; index >= 0; index--) {
      const box = clipBox((this.#drawn[index] as Stamp).box, target);
      behind -= areaOf(box);
      copyBack(target, box, this.#covered, behind);
    }
    this.#drawn = [];
  }

  /** Forgets what was covered: the rows below are to be painted anew. */
  forget(): void {
    this.#drawn = [];
  }

  /** Stamps marks onto bare rows; later ones lie over earlier ones. */
  press(target: PixelTarget, stamps: readonly Stamp[]): void {
    this.#drawn = stamps;
    let at = 0;
    for (const stamp of stamps) {
      const box = clipBox(stamp.box, target);
      this.#makeRoom(at + areaOf(box));
      copyOut(target, box, this.#covered, at);
      at += areaOf(box);
      draw(target, stamp);
    }
  }

  #makeRoom(pixels: number): void {
    if (pixels <= this.#covered.length) return;
    const larger = new Uint32Array(2 * pixels);
    larger.set(this.#covered);
    this.#covered = larger;
  }
}

function areaOf(box: PixelBox): number {
  return box.width * box.height;
}

function copyOut(target: PixelTarget, box: PixelBox, covered: Uint32Array, from: number): void {
  let at = from;
  for (let y = box.y; y < box.y + box.height; y++) {
    const row = y * target.widthPx;
    for (let x = box.x; x < box.x + box.width; x++) {
      covered[at++] = target.pixels[row + x] as number;
    }
  }
}

function copyBack(target: PixelTarget, box: PixelBox, covered: Uint32Array, from: number): void {
  let at = from;
  for (let y = box.y; y < box.y + box.height; y++) {
    const row = y * target.widthPx;
    for (let x = box.x; x < box.x + box.width; x++) {
      target.pixels[row + x] = covered[at++] as number;
    }
  }
}
