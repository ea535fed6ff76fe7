/** The throttle's lane and the memory, with ten thousand requests asleep and with ten. */
import { paintThrottleLane, type LanePlace } from '../../draw/throttle-lane.ts';
import { moveNsOf } from '../../draw/motion-pace.ts';
import { readPalette, type Palette } from '../../draw/palette.ts';
import {
  HEADER,
  PASSAGE,
  PASSAGE_FIELDS,
  PASSAGE_ROWS,
  WAITER,
  WAITER_FIELDS,
  WAITER_ROWS,
  type FrameView,
} from '../../engine/frame.ts';
import { POLICY_IDS } from '../../model/throttle-policies.ts';
import { canvasOf, contextOf, driftingFrames, heatmap, toAndFro, type Painter } from './drawing.ts';
import { emptyPool, SLOTS } from './full-pool.ts';

/** The panel as it is at 1440 x 900. */
const PLACE: LanePlace = { widthPx: 256, heightPx: 340, leftPx: 90, topPx: 135 };
/** A hundredth of real time: everything moves. */
const PACE_NS = 1e7;
const MS = 1e6;
const MANY = 10_000;
const FEW = 10;
const DEVICES = 4;

function writeWaiters({ waiters }: FrameView, nowNs: number): void {
  for (let row = 0; row < WAITER_ROWS; row++) {
    const at = row * WAITER_FIELDS;
    waiters[at + WAITER.serial] = 1000 + row;
    waiters[at + WAITER.device] = row % DEVICES;
    waiters[at + WAITER.bytes] = 4096 * (1 + (row % 60));
    waiters[at + WAITER.sinceNs] = nowNs - (WAITER_ROWS - row) * MS;
    waiters[at + WAITER.why] = 1 + (row % 2);
  }
}

/** One that holds since 40 ms, and others that passed 3 ms apart. */
function writePassages({ passages }: FrameView, nowNs: number): void {
  for (let row = 0; row < PASSAGE_ROWS; row++) {
    const at = row * PASSAGE_FIELDS;
    const admittedNs = nowNs - 40 * MS - row * 3 * MS;
    passages[at + PASSAGE.device] = row % DEVICES;
    passages[at + PASSAGE.arrivedNs] = admittedNs - 20 * MS;
    passages[at + PASSAGE.admittedNs] = admittedNs;
    passages[at + PASSAGE.placedNs] = admittedNs;
    passages[at + PASSAGE.releasedNs] = row === 0 ? -1 : admittedNs + 3 * MS;
    passages[at + PASSAGE.slot] = 128 * row;
    passages[at + PASSAGE.nslots] = 64;
  }
}

/** Frames a sixtieth of a second apart, a slot in a hundred changing, so many asleep. */
function queuedFrames(waiting: number): FrameView[] {
  const frames = driftingFrames(Math.round(SLOTS / 100), emptyPool(WAITER_ROWS));
  for (const [step, frame] of frames.entries()) {
    const nowNs = 1e9 + (step * PACE_NS) / 60;
    const { header } = frame;
    header[HEADER.timeNs] = nowNs;
    header[HEADER.policy] = POLICY_IDS.indexOf('rfc');
    header[HEADER.highThrottle] = Math.floor(SLOTS * 0.7);
    header[HEADER.lowThrottle] = Math.floor(SLOTS * 0.65);
    header[HEADER.semCount] = 0;
    header[HEADER.throttleWaiting] = waiting;
    header[HEADER.starvedNs] = 20 * MS;
    writeWaiters(frame, nowNs);
    writePassages(frame, 1e9);
  }
  return frames;
}

/** Memory and lane of a queue, one picture a call. */
function queuePainter(waiting: number, palette: Palette): Painter {
  const frames = queuedFrames(waiting);
  const memory = heatmap(frames, palette);
  const context = contextOf(canvasOf(PLACE.widthPx, PLACE.heightPx));
  let step = 0;
  return () => {
    memory();
    const frame = frames[toAndFro(step++)];
    if (!frame) return;
    paintThrottleLane(context, frame, PLACE, palette, {
      dpr: 1,
      fontScale: 1,
      deviceNames: ['nvme0', 'nvme1', 'eth0', 'vdb'],
      paceNs: PACE_NS,
      moveNs: moveNsOf(PACE_NS, false),
    });
  };
}

export interface ThrottlePainters {
  readonly manyWaiters: Painter;
  readonly fewWaiters: Painter;
}

export function throttlePainters(): ThrottlePainters {
  const palette = readPalette(getComputedStyle(document.documentElement));
  return { manyWaiters: queuePainter(MANY, palette), fewWaiters: queuePainter(FEW, palette) };
}
