/** Painting 524,288 slots against the least a canvas could do for them. */
import { OWNER_DEVICE_MASK, type FrameView } from '../../engine/frame.ts';
import { heatmapContext, paintHeatmap, type HeatmapOptions } from '../../draw/heatmap.ts';
import { deviceHue, readPalette, type Palette } from '../../draw/palette.ts';
import { layoutPools, poolShapes } from '../../draw/pools-layout.ts';
import { FIT } from '../../draw/viewport.ts';
import { copyOf, disturb, emptyPool, fillPool, lehmer, SLOTS } from './full-pool.ts';

/** Frames that differ from their neighbours; walked to and fro, so that every step is one change. */
const STEPS = 12;
const SEED = 20_241_120;

const OPTIONS: HeatmapOptions = {
  dpr: 1,
  deviceNames: ['nvme0', 'nvme1', 'eth0', 'vdb'],
  off: new Set(),
  pinned: null,
  hover: null,
  focus: null,
  difference: null,
  detail: null,
};

/** Something to paint over and over, a frame further each time. */
export type Painter = () => void;

export function canvasOf(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  document.body.append(canvas);
  return canvas;
}

export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = heatmapContext(canvas);
  if (!context) throw new RangeError('the browser has no 2D canvas');
  return context;
}

/** Index of the n-th step to and fro over `STEPS` frames. */
export function toAndFro(step: number): number {
  const around = step % (2 * STEPS - 2);
  return around < STEPS ? around : 2 * STEPS - 2 - around;
}

/** Frames each of which differs from the one before by mappings of `changes` slots, anywhere. */
export function driftingFrames(changes: number, first = emptyPool()): FrameView[] {
  const random = lehmer(SEED);
  fillPool(first, 0.6, random);
  const frames = [first];
  while (frames.length < STEPS) {
    const next = copyOf(frames.at(-1) ?? first);
    disturb(next, changes, random);
    frames.push(next);
  }
  return frames;
}

/** Devices that take turns in every slot, free ones included. */
const TURNS = 6;

/** Frames without a slot in common with the one before. */
function changingFrames(): FrameView[] {
  const base = emptyPool();
  fillPool(base, 0.6, lehmer(SEED));
  return Array.from({ length: STEPS }, (_, step) => {
    const frame = copyOf(base);
    for (const [slot, owner] of frame.owner.entries()) {
      const device = owner & OWNER_DEVICE_MASK;
      frame.owner[slot] = (owner & ~OWNER_DEVICE_MASK) | ((device + step) % TURNS);
    }
    return frame;
  });
}

/** The panel as it is at 1440 x 900. */
const BOX = { widthPx: 912, heightPx: 648 };
const STYLE = { gutterPx: 50, compact: false, fontScale: 1, dpr: 1, dynamic: true };

export function heatmap(frames: readonly FrameView[], palette: Palette): Painter {
  const [first] = frames;
  if (!first) throw new RangeError('no frames to paint');
  const layout = layoutPools(poolShapes(first), BOX, STYLE);
  const context = contextOf(canvasOf(layout.widthPx, layout.heightPx));
  let step = 0;
  return () => {
    const frame = frames[toAndFro(step++)] ?? first;
    // As far apart as on a screen of 60 Hz: text is paced by it.
    const options = { ...OPTIONS, nowMs: (step * 1000) / 60 };
    paintHeatmap(context, frame, { layout, viewport: FIT, palette }, options);
  };
}

const WIDTH = 1024;

/** The palette of the owners, one look-up a slot: what anybody would write first. */
function mapOwners(pixels: Uint32Array, owner: Uint8Array, colours: Uint32Array): void {
  for (let slot = 0; slot < owner.length; slot++) {
    pixels[slot] = colours[(owner[slot] as number) & OWNER_DEVICE_MASK] as number;
  }
}

/** The colour of every device number an owner byte can hold. */
function coloursOf(palette: Palette): Uint32Array {
  return Uint32Array.from({ length: OWNER_DEVICE_MASK + 1 }, (_, low) =>
    low === 0 ? palette.packed.free : deviceHue(palette, low - 1).packed,
  );
}

/** U: a palette look-up a slot into an image, and the image on the canvas. */
function byHand(frames: readonly FrameView[], palette: Palette): Painter {
  const context = contextOf(canvasOf(WIDTH, SLOTS / WIDTH));
  const image = context.createImageData(WIDTH, SLOTS / WIDTH);
  const pixels = new Uint32Array(image.data.buffer);
  const colours = coloursOf(palette);
  let step = 0;
  return () => {
    const frame = frames[toAndFro(step++)];
    if (frame) mapOwners(pixels, frame.owner, colours);
    context.putImageData(image, 0, 0);
  };
}

/** B: an image of owners on the canvas, and nothing else. */
function bare(frame: FrameView, palette: Palette): Painter {
  const context = contextOf(canvasOf(WIDTH, SLOTS / WIDTH));
  const image = context.createImageData(WIDTH, SLOTS / WIDTH);
  mapOwners(new Uint32Array(image.data.buffer), frame.owner, coloursOf(palette));
  return () => context.putImageData(image, 0, 0);
}

export interface DrawingPainters {
  readonly byHand: Painter;
  readonly bare: Painter;
  /** Every slot another one than in the frame before. */
  readonly allChanging: Painter;
  /** One slot in a hundred, by mappings that come and go anywhere. */
  readonly fewChanging: Painter;
}

export function drawingPainters(): DrawingPainters {
  const palette = readPalette(getComputedStyle(document.documentElement));
  const changing = changingFrames();
  return {
    byHand: byHand(changing, palette),
    bare: bare(changing[0] ?? emptyPool(), palette),
    allChanging: heatmap(changing, palette),
    fewChanging: heatmap(driftingFrames(Math.round(SLOTS / 100)), palette),
  };
}
