/** Labels on plates over the rows: who holds what, who took what in a difference, where a zoom looks. */
import type { SlotSpan } from '../engine/run.ts';
import type { FrameView } from '../engine/frame.ts';
import { figure } from './figures.ts';
import type { HeatmapOptions } from './heatmap-options.ts';
import type { Box } from './layout-types.ts';
import { holderRun } from './holder-run.ts';
import { spanBox, STILL } from './marks.ts';
import type { Scene } from './scene.ts';
import { placeOf, slotAt } from './hit-test.ts';
import { fontOf } from './text-layer.ts';

export interface Plate {
  readonly box: Box;
  readonly text: string;
  /** In accent: it says "look here". */
  readonly accent: boolean;
}

const PLATE_PX = 17;
const PAD_PX = 5;

export function samePlates(one: readonly Plate[], other: readonly Plate[]): boolean {
  return (
    one.length === other.length &&
    one.every((plate, index) => {
      const against = other[index];
      return (
        plate.text === against?.text &&
        plate.box.x === against.box.x &&
        plate.box.y === against.box.y
      );
    })
  );
}

function plateFont(scene: Scene): string {
  const { palette, layout } = scene.key;
  return fontOf(palette, { sizePx: Math.round(11 * layout.style.fontScale), weight: 600 });
}

function plateAt(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  text: string,
  at: { x: number; y: number; accent: boolean },
): Plate {
  const { layout } = scene.key;
  ctx.font = plateFont(scene);
  const widthPx = Math.ceil(ctx.measureText(text).width) + 2 * PAD_PX;
  const heightPx = Math.round(PLATE_PX * layout.style.fontScale);
  const x = Math.round(Math.max(1, Math.min(at.x, layout.widthPx - widthPx - 1)));
  const y = Math.round(Math.max(1, Math.min(at.y, layout.heightPx - heightPx - 1)));
  return { box: { x, y, widthPx, heightPx }, text, accent: at.accent };
}

/** Above a run, or below it. */
function spanPlate(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  span: SlotSpan | null,
  label: { who: string; above: boolean },
): Plate[] {
  const box = span && spanBox(scene, span);
  if (!span || !box) return [];
  const { dpr, layout } = scene.key;
  const offset = PLATE_PX * layout.style.fontScale + 4;
  const y = label.above ? box.y / dpr - offset : (box.y + box.height) / dpr + 5;
  const slots = span.nslots === 1 ? 'slot' : `${figure(span.nslots)} slots from`;
  const text = `${label.who} took ${slots} ${figure(span.slot)}`;
  return [plateAt(ctx, scene, text, { x: box.x / dpr, y, accent: true })];
}

/** Zoomed in, where the middle of the canvas is. */
function herePlate(ctx: CanvasRenderingContext2D, scene: Scene): Plate[] {
  const { layout, viewport } = scene.key;
  if (viewport.scale <= 1) return [];
  const centre = slotAt(layout, viewport, layout.widthPx / 2, layout.heightPx / 2);
  const place = centre && placeOf(layout, centre);
  const block = centre && layout.blocks.find(({ poolId }) => poolId === centre.pool);
  const where =
    place && block
      ? `${block.kind} pool · area ${place.area} · row ${place.row} · slot ${figure(centre.slot)} in the middle`
      : 'between the pools';
  const text = `${Number(viewport.scale.toFixed(1))}× · ${where} · 0 shows all`;
  return [plateAt(ctx, scene, text, { x: 4, y: layout.heightPx, accent: false })];
}

/** Over the run of whoever holds the semaphore; a phone has no room for it. */
function holderPlate(
  ctx: CanvasRenderingContext2D,
  frame: FrameView,
  scene: Scene,
  options: HeatmapOptions,
): Plate[] {
  const { dpr, layout } = scene.key;
  const holder = layout.style.compact ? null : holderRun(frame, options.pace ?? STILL);
  const box = holder?.isNamed ? spanBox(scene, holder.span) : null;
  if (!box) return [];
  const y = box.y / dpr - PLATE_PX * layout.style.fontScale - 4;
  return [plateAt(ctx, scene, 'throttle_sem is held here', { x: box.x / dpr, y, accent: true })];
}

/** The plates of a picture. */
export function platesOf(
  ctx: CanvasRenderingContext2D,
  frame: FrameView,
  scene: Scene,
  options: HeatmapOptions,
): Plate[] {
  const { difference } = options;
  return [
    ...herePlate(ctx, scene),
    ...holderPlate(ctx, frame, scene, options),
    ...spanPlate(ctx, scene, difference?.kernelAt ?? null, { who: 'kernel', above: true }),
    ...spanPlate(ctx, scene, difference?.modelAt ?? null, { who: 'model', above: false }),
  ];
}

/** Draws the plates; each covers what is below it, so drawing one again changes nothing. */
export function paintPlates(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  plates: readonly Plate[],
): void {
  const { palette } = scene.key;
  for (const { box, text, accent } of plates) {
    ctx.fillStyle = palette.css.bg;
    ctx.fillRect(box.x, box.y, box.widthPx, box.heightPx);
    ctx.strokeStyle = accent ? palette.css.accent : palette.css.line2;
    ctx.lineWidth = 1;
    ctx.strokeRect(box.x + 0.5, box.y + 0.5, box.widthPx - 1, box.heightPx - 1);
    ctx.font = plateFont(scene);
    ctx.fillStyle = accent ? palette.css.accent : palette.css.ink2;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'middle';
    ctx.fillText(text, box.x + PAD_PX, box.y + box.heightPx / 2 + 0.5);
  }
}
