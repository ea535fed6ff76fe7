/** What stands in a line besides its slots: ends of areas inside it, and the mark of any use. */
import type { PixelBox, PlacedBlock, Scene } from './scene.ts';
import type { PixelTarget, SlotLine } from './slot-pixels.ts';

/** How far the end of an area inside a row stands out of it (CSS px). */
export const POST_PX = 2;

/** Fills a box, cut to the target. */
export function fillBox(target: PixelTarget, box: PixelBox, colour: number): void {
  const { pixels, widthPx } = target;
  const left = Math.max(0, box.x);
  const right = Math.min(widthPx, box.x + box.width);
  const bottom = Math.min(target.heightPx, box.y + box.height);
  for (let y = Math.max(0, box.y); y < bottom; y++) {
    const row = y * widthPx;
    for (let x = row + left; x < row + right; x++) pixels[x] = colour;
  }
}

function isUsed(owner: Uint8Array, from: number, to: number): boolean {
  for (let slot = from; slot < to; slot++) {
    if (owner[slot] !== 0) return true;
  }
  return false;
}

/** Below a pixel a slot: a mark at the left edge of a row in which anything is used. */
function markUse(
  target: PixelTarget,
  { shape }: PlacedBlock,
  line: SlotLine,
  scene: Scene,
  owner: Uint8Array,
): void {
  const { ink2, bg } = scene.key.palette.packed;
  const used = isUsed(owner, line.offset, line.offset + line.length);
  const x = shape.xPx - 2 * scene.unitPx;
  const box = { x, y: line.yPx, width: scene.unitPx, height: shape.cellPx };
  fillBox(target, box, used ? ink2 : bg);
}

/** Posts where an area ends inside a row. */
function markAreas(target: PixelTarget, placed: PlacedBlock, line: SlotLine, scene: Scene): void {
  const { block, shape } = placed;
  const { unitPx } = scene;
  const base = line.offset - block.slotOffset;
  const start = Math.ceil(base / block.areaNslabs) * block.areaNslabs;
  for (let slot = start; slot < base + line.length; slot += block.areaNslabs) {
    if (slot === base) continue;
    const x = shape.xPx + (shape.edges[slot - base] as number);
    const y = line.yPx - POST_PX * unitPx;
    const height = shape.cellPx + POST_PX * unitPx;
    fillBox(target, { x, y, width: unitPx, height }, scene.key.palette.packed.ink2);
  }
}

/** Whether areas end inside the rows of a block. */
function hasPosts({ block, shape }: PlacedBlock): boolean {
  if (block.nareas === 1 || block.barPx !== null || shape.perPixel > 0) return false;
  return block.areaNslabs % block.lineSlots !== 0;
}

/** Draws the marks of a line over its slots. */
export function markLine(
  target: PixelTarget,
  placed: PlacedBlock,
  line: SlotLine,
  scene: Scene,
  owner: Uint8Array,
): void {
  if (placed.shape.perPixel > 0) markUse(target, placed, line, scene, owner);
  else if (hasPosts(placed)) markAreas(target, placed, line, scene);
}
