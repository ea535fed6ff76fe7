/** The marks over the rows as stamps: hints, pinned run, pointer, keyboard, differences. */
import { AREA, type FrameView } from '../engine/frame.ts';
import type { SlotSpan } from '../engine/run.ts';
import type { HeatmapOptions } from './heatmap-options.ts';
import { holderRun, type HolderPace } from './holder-run.ts';
import { slotsBox, type PixelBox, type PlacedBlock, type Scene } from './scene.ts';
import type { Stamp } from './stamps.ts';

/** Height of an area on the canvas (CSS px) from which its hint has a triangle as well. */
const TRIANGLE_FROM_PX = 24;

/** Line pitch of a dynamic pool from which its hints are drawn. */
const TICK_FROM_PX = 3;

function grown(box: PixelBox, by: number): PixelBox {
  return { x: box.x - by, y: box.y - by, width: box.width + 2 * by, height: box.height + 2 * by };
}

/** Where slots are on the canvas; null when they are not. */
export function spanBox(scene: Scene, span: SlotSpan): PixelBox | null {
  for (const placed of scene.placed) {
    if (placed.block.poolId !== span.pool) continue;
    const box = slotsBox(placed, span.slot, span.nslots);
    if (box) return box;
  }
  return null;
}

function hintStamps(placed: PlacedBlock, hint: number, scene: Scene): Stamp[] {
  const box = slotsBox(placed, hint, 1);
  if (!box) return [];
  const { unitPx, key } = scene;
  const isPresent = key.layout.style.fontScale > 1.3;
  const colour = key.palette.packed.ink;
  const tick: Stamp = {
    kind: 'box',
    colour,
    box: {
      x: box.x - unitPx,
      y: box.y - 2 * unitPx,
      width: (isPresent ? 3 : 2) * unitPx,
      height: box.height + 4 * unitPx,
    },
  };
  const areaPx = (placed.block.areaNslabs / placed.block.lineSlots) * placed.pitchPx;
  if (areaPx < TRIANGLE_FROM_PX * key.dpr || key.layout.style.gutterPx === 0) return [tick];
  const half = (isPresent ? 7 : 4) * unitPx;
  const middle = box.y + Math.floor(Math.min(box.height, 12 * unitPx) / 2);
  const pointer: Stamp = {
    kind: 'pointer',
    colour,
    box: {
      x: placed.shape.xPx - 2 * unitPx,
      y: middle - half,
      width: half + unitPx,
      height: 2 * half + unitPx,
    },
  };
  return [pointer, tick];
}

/** Where the next search begins, in each area of a block. */
function hints(placed: PlacedBlock, frame: FrameView, scene: Scene): Stamp[] {
  const { block } = placed;
  if (block.barPx !== null || block.lineSlots % 128 !== 0) return [];
  // Rows of a pixel or two would be all ticks.
  if (block.kind === 'dynamic' && block.pitch < TICK_FROM_PX) return [];
  const first = Math.floor(block.firstSlot / block.areaNslabs);
  const last = Math.ceil((block.firstSlot + block.nslots) / block.areaNslabs);
  const stamps: Stamp[] = [];
  for (let area = first; area < Math.min(last, block.nareas); area++) {
    const index = frame.area(block.areaOffset + area, AREA.index);
    const hint = area * block.areaNslabs + Math.min(index, block.areaNslabs - 1);
    stamps.push(...hintStamps(placed, hint, scene));
  }
  return stamps;
}

interface FrameLook {
  readonly colour: number;
  readonly clear: number;
  readonly thick: number;
  readonly dash: number;
}

function frameStamp(scene: Scene, span: SlotSpan | null, look: FrameLook): Stamp[] {
  const box = span && spanBox(scene, span);
  if (!box) return [];
  const { unitPx } = scene;
  return [
    {
      kind: 'frame',
      box: grown(box, (look.clear + look.thick) * unitPx),
      colour: look.colour,
      thick: look.thick * unitPx,
      dash: look.dash * unitPx,
    },
  ];
}

function oneSlot(ref: HeatmapOptions['hover']): SlotSpan | null {
  return ref ? { ...ref, nslots: 1 } : null;
}

/** Nothing moves. */
export const STILL: HolderPace = { moveNs: 0, paceNs: 0 };

/** All marks of a frame, in the order they lie over each other. */
export function marksOf(frame: FrameView, scene: Scene, options: HeatmapOptions): Stamp[] {
  const { accent, ink } = scene.key.palette.packed;
  const pinThick = scene.key.layout.style.fontScale > 1.3 ? 2 : 1;
  const { difference } = options;
  const holder = holderRun(frame, options.pace ?? STILL);
  return [
    ...scene.placed.flatMap((placed) => hints(placed, frame, scene)),
    ...frameStamp(scene, holder?.span ?? null, {
      colour: accent,
      clear: 0,
      thick: pinThick + 1,
      dash: 0,
    }),
    ...frameStamp(scene, options.pinned, { colour: accent, clear: 1, thick: pinThick, dash: 0 }),
    ...frameStamp(scene, difference?.kernelAt ?? null, {
      colour: accent,
      clear: 1,
      thick: 2,
      dash: 4,
    }),
    ...frameStamp(scene, difference?.modelAt ?? null, {
      colour: accent,
      clear: 1,
      thick: 2,
      dash: 0,
    }),
    ...frameStamp(scene, oneSlot(options.hover), { colour: ink, clear: 1, thick: 1, dash: 0 }),
    ...frameStamp(scene, oneSlot(options.focus), { colour: accent, clear: 2, thick: 2, dash: 0 }),
  ];
}
