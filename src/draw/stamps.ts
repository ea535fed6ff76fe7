/**
 * Small marks in pixels over the rows: hints, frames, outlines. Each keeps what it covered, so that
 * taking them off gives the bare rows back and nothing has to be painted anew.
 */
import { fillBox } from './line-marks.ts';
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

/** Fills `from` to `to` of row `y` of a stamp's box, cut to the box and the target. */
function fillRow(target: PixelTarget, stamp: Stamp, y: number, from: number, to: number): void {
  const { pixels, widthPx, heightPx } = target;
  const { box, colour } = stamp;
  const row = box.y + y;
  if (row < 0 || row >= heightPx) return;
  const left = Math.max(0, box.x + Math.max(0, from));
  const right = Math.min(widthPx, box.x + Math.min(box.width, to));
  const at = row * widthPx;
  for (let x = at + left; x < at + right; x++) pixels[x] = colour;
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

function drawPointer(target: PixelTarget, stamp: Stamp): void {
  const { width, height } = stamp.box;
  const middle = (height - 1) / 2;
  for (let y = 0; y < height; y++) {
    const share = 1 - Math.abs(y - middle) / (middle + 1);
    fillRow(target, stamp, y, 0, Math.round(width * share));
  }
}

function draw(target: PixelTarget, stamp: Stamp): void {
  if (stamp.kind === 'frame') drawFrame(target, stamp);
  else if (stamp.kind === 'pointer') drawPointer(target, stamp);
  else fillBox(target, stamp.box, stamp.colour);
}

/** Room for what marks cover: dozens of hints and a few frames. */
const FIRST_ROOM = 1 << 14;

/** The marks on one target. */
export class Stamps {
  #drawn: readonly Stamp[] = [];
  /** The boxes they cover, cut to the target, and the pixels below, box after box. */
  readonly #boxes: PixelBox[] = [];
  #covered = new Uint32Array(FIRST_ROOM);
  #behind = 0;

  /** What is stamped now. */
  get drawn(): readonly Stamp[] {
    return this.#drawn;
  }

  /** Gives the bare rows back. */
  lift(target: PixelTarget): void {
    let at = this.#behind;
    for (let index = this.#boxes.length - 1; index >= 0; index--) {
      const box = this.#boxes[index];
      if (!box) continue;
      at -= box.width * box.height;
      copyBack(target, box, this.#covered, at);
    }
    this.forget();
  }

  /** Forgets what was covered: the rows below are to be painted anew. */
  forget(): void {
    this.#drawn = [];
    this.#boxes.length = 0;
    this.#behind = 0;
  }

  /** Stamps marks onto bare rows; later ones lie over earlier ones. */
  press(target: PixelTarget, stamps: readonly Stamp[]): void {
    this.#drawn = stamps;
    for (const stamp of stamps) {
      const box = clipBox(stamp.box, target);
      const behind = this.#behind + box.width * box.height;
      if (behind > this.#covered.length) this.#grow(behind);
      copyOut(target, box, this.#covered, this.#behind);
      this.#boxes.push(box);
      this.#behind = behind;
      draw(target, stamp);
    }
  }

  #grow(pixels: number): void {
    const larger = new Uint32Array(2 * pixels);
    larger.set(this.#covered);
    this.#covered = larger;
  }
}

function copyOut(target: PixelTarget, box: PixelBox, covered: Uint32Array, from: number): void {
  const { pixels, widthPx } = target;
  let at = from;
  for (let y = box.y; y < box.y + box.height; y++) {
    const row = y * widthPx + box.x;
    for (let x = row; x < row + box.width; x++) covered[at++] = pixels[x] as number;
  }
}

function copyBack(target: PixelTarget, box: PixelBox, covered: Uint32Array, from: number): void {
  const { pixels, widthPx } = target;
  let at = from;
  for (let y = box.y; y < box.y + box.height; y++) {
    const row = y * widthPx + box.x;
    for (let x = row; x < row + box.width; x++) pixels[x] = covered[at++] as number;
  }
}
