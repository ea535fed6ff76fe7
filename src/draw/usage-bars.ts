/** The 4 px bar between gutter and rows: how full an area is, from the bottom up. */
import { AREA, POOL, type FrameView } from '../engine/frame.ts';
import { fillBox } from './line-marks.ts';
import type { Gutter } from './layout-types.ts';
import type { PixelBox, Scene } from './scene.ts';
import type { PixelTarget } from './slot-pixels.ts';

/** Left and right edge of the bar, counted from the rows' left edge (CSS px). */
const BAR_FROM_PX = 7;
const BAR_TO_PX = 3;
/** Height of a part below which the areas of a pool share one bar (CSS px). */
const PART_PX = 3;

interface Part {
  readonly box: PixelBox;
  readonly firstArea: number;
  readonly areas: number;
}

interface Bar {
  readonly gutter: Gutter;
  readonly parts: readonly Part[];
}

function barOf(gutter: Gutter, frame: FrameView, scene: Scene): Bar {
  const { viewport, dpr } = scene.key;
  const zoom = viewport.scale * dpr;
  const { unitPx } = scene;
  const left = Math.round((gutter.x - viewport.x) * zoom) - BAR_FROM_PX * unitPx;
  const top = Math.round((gutter.y - viewport.y) * zoom);
  const height = Math.max(1, Math.round(gutter.heightPx * zoom));
  const count = gutter.areas * PART_PX * unitPx <= height ? gutter.areas : 1;
  const areaRow = frame.pool(gutter.pool, POOL.areaOffset) + gutter.firstArea;
  const edge = (part: number) => top + Math.round((part * (height + unitPx)) / count);
  const parts = Array.from({ length: count }, (_, part) => ({
    box: {
      x: left,
      y: edge(part),
      width: (BAR_FROM_PX - BAR_TO_PX) * unitPx,
      height: edge(part + 1) - unitPx - edge(part),
    },
    firstArea: areaRow + (count > 1 ? part : 0),
    areas: count > 1 ? 1 : gutter.areas,
  }));
  return { gutter, parts };
}

/** The bars of one scene. */
export class UsageBars {
  #bars: readonly Bar[] = [];
  #levels = new Int32Array(0);

  /** Lays the bars out anew and forgets what was drawn. */
  lay(frame: FrameView, scene: Scene): void {
    const { gutters, style } = scene.key.layout;
    const shown = style.gutterPx === 0 ? [] : gutters.filter(({ areas }) => areas > 0);
    this.#bars = shown.map((gutter) => barOf(gutter, frame, scene));
    const parts = this.#bars.reduce((sum, bar) => sum + bar.parts.length, 0);
    this.#levels = new Int32Array(parts).fill(-1);
  }

  /** Draws the parts whose level changed; their boxes are added to `boxes`. */
  draw(target: PixelTarget, frame: FrameView, scene: Scene, boxes: PixelBox[]): void {
    const { free, ink2 } = scene.key.palette.packed;
    let index = 0;
    for (const { gutter, parts } of this.#bars) {
      const areaNslabs = frame.pool(gutter.pool, POOL.areaNslabs);
      for (const part of parts) {
        const level = levelOf(part, areaNslabs, frame);
        if (level !== this.#levels[index]) {
          this.#levels[index] = level;
          const { x, y, width, height } = part.box;
          fillBox(target, { x, y, width, height: height - level }, free);
          fillBox(target, { x, y: y + height - level, width, height: level }, ink2);
          boxes.push(part.box);
        }
        index++;
      }
    }
  }
}

/** Pixels of a part that are used. Anything used is at least one. */
function levelOf(part: Part, areaNslabs: number, frame: FrameView): number {
  let used = 0;
  for (let area = 0; area < part.areas; area++)
    used += frame.area(part.firstArea + area, AREA.used);
  const level = Math.round((part.box.height * used) / (areaNslabs * part.areas));
  return Math.min(part.box.height, used > 0 ? Math.max(1, level) : 0);
}
