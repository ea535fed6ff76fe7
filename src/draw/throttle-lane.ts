/**
 * The throttle at work: the token, the queue in order, and requests on their way between gate, queue,
 * token and memory.
 *
 *     paintThrottleLane(ctx, frame, place, palette, options);
 *
 * The canvas lies under the gauge and is as wide as the panel: what has its slots leaves to the left,
 * where the memory is. It is painted whole; the picture is a function of the arguments alone. What is
 * said of the token in words stands on the page beside it.
 */
import { HEADER, type FrameView } from '../engine/frame.ts';
import {
  CHIP_PX,
  laneRows,
  LEAD_PX,
  rowTop,
  TOKEN_HEIGHT_PX,
  TOKEN_X,
  TOKEN_Y,
  type LaneOptions,
  type LanePen as Pen,
  type LanePlace,
} from './lane-place.ts';
import { deviceHue, type Palette } from './palette.ts';
import { throttleMotion, type Chip, type ThrottleMotion } from './throttle-motion.ts';
import { paintQueue } from './throttle-queue.ts';

export type { LaneOptions, LanePlace } from './lane-place.ts';

const DISC_PX = 8;
const RING_PX = 11.5;
const FLOW_PX = 5;

function paintDisc(pen: Pen, fill: number, ringed: boolean): void {
  const { ctx, place, palette, unit } = pen;
  const x = place.leftPx + TOKEN_X * unit;
  const y = place.topPx + TOKEN_Y * unit;
  const circle = (radius: number) => {
    ctx.beginPath();
    ctx.arc(x, y, radius * unit, 0, 2 * Math.PI);
  };
  ctx.lineWidth = unit;
  ctx.strokeStyle = palette.css.accent;
  ctx.fillStyle = palette.css.accent;
  if (ringed) {
    circle(RING_PX);
    ctx.stroke();
  }
  circle(DISC_PX);
  if (fill < 1) {
    ctx.lineWidth = 1.5 * unit;
    ctx.stroke();
  }
  if (fill <= 0) return;
  circle(DISC_PX * fill);
  ctx.fill();
}

/** How full the token is: it fills as its next holder comes in. */
function fillOf({ frame }: Pen, chips: readonly Chip[]): number {
  if (frame.head(HEADER.semCount) !== 0) return 0;
  const coming = chips.find(({ way }) => way === 'queue-to-token' || way === 'gate-to-token');
  return coming ? coming.share : 1;
}

function paintToken(pen: Pen, { chips, flow }: ThrottleMotion): void {
  const count = pen.frame.head(HEADER.semCount);
  // A policy without a holder has no token.
  if (count < 0) return;
  paintDisc(pen, flow ? 1 : fillOf(pen, chips), count === 0);
}

/** A band of all that goes through, parted by whose it is. */
function paintFlow(pen: Pen, byDevice: readonly number[]): void {
  const { ctx, frame, place, palette, unit } = pen;
  const all = byDevice.reduce((sum, count) => sum + count, 0);
  const isBesideToken = frame.head(HEADER.semCount) >= 0;
  const left = place.leftPx + (isBesideToken ? LEAD_PX * unit : 0);
  const top = Math.round(place.topPx + (TOKEN_HEIGHT_PX - 12) * unit);
  const width = place.widthPx - left;
  let from = 0;
  for (const [device, count] of byDevice.entries()) {
    if (count === 0) continue;
    const to = from + count;
    const x = Math.round(left + (width * from) / all);
    const right = Math.round(left + (width * to) / all);
    ctx.fillStyle = deviceHue(palette, device).css;
    ctx.fillRect(x, top, Math.max(1, right - x - 1), FLOW_PX * unit);
    from = to;
  }
}

/** Where a chip's middle is, px. */
function chipAt(pen: Pen, { way, share }: Chip): { x: number; y: number } {
  const { place, unit } = pen;
  const token = { x: place.leftPx + TOKEN_X * unit, y: place.topPx + TOKEN_Y * unit };
  const ends = {
    token,
    queue: { x: place.leftPx + 21 * unit, y: rowTop(pen, 0.5) },
    gate: { x: place.widthPx + CHIP_PX * unit, y: token.y },
    slots: { x: -CHIP_PX * unit, y: token.y },
  };
  const [from, to] = {
    'queue-to-token': [ends.queue, token],
    'gate-to-token': [ends.gate, token],
    'token-to-slots': [token, ends.slots],
    'slots-to-token': [ends.slots, token],
  }[way] as [typeof token, typeof token];
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

function paintChip(pen: Pen, chip: Chip): void {
  const { ctx, palette, unit } = pen;
  const { x, y } = chipAt(pen, chip);
  const size = CHIP_PX * unit;
  const left = Math.round(x - size / 2);
  const top = Math.round(y - size / 2);
  ctx.fillStyle = palette.css.bg;
  ctx.fillRect(left - 1, top - 1, size + 2, size + 2);
  if (chip.way === 'slots-to-token') {
    // Its slots are free again: what comes back is the semaphore alone.
    ctx.strokeStyle = palette.css.accent;
    ctx.lineWidth = 1.5;
    ctx.strokeRect(left + 1, top + 1, size - 2, size - 2);
    return;
  }
  ctx.fillStyle = deviceHue(palette, chip.device).css;
  ctx.fillRect(left, top, size, size);
}

/** See the head of this file. */
export function paintThrottleLane(
  ctx: CanvasRenderingContext2D,
  frame: FrameView,
  place: LanePlace,
  palette: Palette,
  options: LaneOptions,
): void {
  const { dpr, fontScale, paceNs, moveNs } = options;
  ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
  ctx.fillStyle = palette.css.bg;
  ctx.fillRect(0, 0, place.widthPx, place.heightPx);
  const pen: Pen = { ctx, frame, place, palette, options, unit: fontScale };
  const shown = laneRows(place, fontScale, frame.head(HEADER.throttleWaiting));
  const motion = throttleMotion(frame, paceNs, moveNs, shown);
  paintToken(pen, motion);
  if (motion.flow) paintFlow(pen, motion.flow.byDevice);
  paintQueue(pen, motion.rows, shown);
  for (const chip of motion.chips) paintChip(pen, chip);
}
