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

interface Covered {
  readonly box: PixelBox;
  readonly pixels: Uint32Array;
}

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

/** Whether the pixel `x`, `y` of a stamp's box, counted from its corner, is painted. */
function covers(stamp: Stamp, x: number, y: number): boolean {
  const { width, height } = stamp.box;
  if (stamp.kind === 'box') return true;
  if (stamp.kind === 'pointer') {
    const middle = (height - 1) / 2;
    return (x + 0.5) / width < 1 - Math.abs(y - middle) / (middle + 1);
  }
  const { thick, dash } = stamp;
  const isRim = x < thick || y < thick || x >= width - thick || y >= height - thick;
  if (!isRim || dash === 0) return isRim;
  const along = x < thick || x >= width - thick ? y : x;
  return Math.floor(along / dash) % 2 === 0;
}

function draw(target: PixelTarget, stamp: Stamp): void {
  const box = clipBox(stamp.box, target);
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let x = box.x; x < box.x + box.width; x++) {
      if (covers(stamp, x - stamp.box.x, y - stamp.box.y)) {
        target.pixels[y * target.widthPx + x] = stamp.colour;
      }
    }
  }
}

function copyOut(target: PixelTarget, box: PixelBox): Covered {
  const pixels = new Uint32Array(box.width * box.height);
  for (let y = 0; y < box.height; y++) {
    const from = (box.y + y) * target.widthPx + box.x;
    pixels.set(target.pixels.subarray(from, from + box.width), y * box.width);
  }
  return { box, pixels };
}

function copyBack(target: PixelTarget, { box, pixels }: Covered): void {
  for (let y = 0; y < box.height; y++) {
    const row = pixels.subarray(y * box.width, (y + 1) * box.width);
    target.pixels.set(row, (box.y + y) * target.widthPx + box.x);
  }
}

/** The marks on one target. */
export class Stamps {
  #drawn: readonly Stamp[] = [];
  #covered: Covered[] = [];

  /** What is stamped now. */
  get drawn(): readonly Stamp[] {
    return this.#drawn;
  }

  /** Gives the bare rows back. */
  lift(target: PixelTarget): void {
    for (let index = this.#covered.length - 1; index >= 0; index--) {
      const covered = this.#covered[index];
      if (covered) copyBack(target, covered);
    }
    this.#covered = [];
    this.#drawn = [];
  }

  /** Forgets what was covered: the rows below are to be painted anew. */
  forget(): void {
    this.#covered = [];
    this.#drawn = [];
  }

  /** Stamps marks onto bare rows; later ones lie over earlier ones. */
  press(target: PixelTarget, stamps: readonly Stamp[]): void {
    this.#drawn = stamps;
    for (const stamp of stamps) {
      this.#covered.push(copyOut(target, clipBox(stamp.box, target)));
      draw(target, stamp);
    }
  }
}
