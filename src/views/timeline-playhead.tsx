/** Takes the run to another moment: the axis of time as a slider, and what grips the playhead. */
import { useReducer, useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { knownMomentAt } from '../draw/timeline-at.ts';
import { knownNs, placeOf, type TimelineBox } from '../draw/timeline-chart.ts';
import { HEADER, type FrameView } from '../engine/frame.ts';
import { page } from '../store/the-page.ts';
import { painted } from './timeline-reading.ts';
import { clock, count } from './words.ts';

/** So near the playhead a press grips it, CSS px; a finger is thicker than a pointer. */
const GRIP_PX = 6;
const FINGER_PX = 16;
/** Parts of what was played that a key moves by. */
const KEY_STEP = 1 / 100;
const KEY_PAGE = 1 / 10;

/** Whether a press there grips the playhead. */
export function isGrip(frame: FrameView, box: TimelineBox, event: PointerEvent): boolean {
  if (page.state.time.end === null) return false;
  const nowX = placeOf(frame, box, frame.head(HEADER.timeNs));
  const near = event.pointerType === 'touch' ? FINGER_PX : GRIP_PX;
  return Math.abs(event.nativeEvent.offsetX - nowX) <= near;
}

/** Takes the run to the moment at `x`, as soon as the next picture. */
export function scrubTo(x: number): void {
  const at = painted();
  if (at !== null) page.time.scrub(knownMomentAt(at.frame, at.box, x));
}

/** Where a key takes the run, virtual ns; null for keys that do not. */
function keyTarget(key: string, fromNs: number, endNs: number): number | null {
  const targets: Readonly<Record<string, number>> = {
    ArrowLeft: fromNs - endNs * KEY_STEP,
    ArrowDown: fromNs - endNs * KEY_STEP,
    ArrowRight: fromNs + endNs * KEY_STEP,
    ArrowUp: fromNs + endNs * KEY_STEP,
    PageDown: fromNs - endNs * KEY_PAGE,
    PageUp: fromNs + endNs * KEY_PAGE,
    Home: 0,
    End: endNs,
  };
  const target = targets[key];
  return target === undefined ? null : Math.max(0, Math.min(endNs, target));
}

function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
  const at = painted();
  if (at === null || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  const target = keyTarget(event.key, at.frame.head(HEADER.timeNs), knownNs(at.frame));
  if (target === null) return;
  event.preventDefault();
  page.time.scrub(target);
}

/** The axis of time: press or drag anywhere on it. */
export function Playhead() {
  const readout = page.use((state) => state.readout);
  const end = page.use((state) => state.time.end);
  const pressed = useRef(false);
  const [, readAnew] = useReducer((times: number) => times + 1, 0);
  const box = painted()?.box;
  if (!readout || end === null || !box) return null;
  const release = () => {
    pressed.current = false;
    readAnew();
  };
  return (
    <div
      // There is no native control for a moment on a chart.
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
      role="slider"
      tabIndex={0}
      className="timeline-playhead"
      style={{ height: box.bottomPx + 2 }}
      aria-label="Playhead: where the run stands"
      aria-valuemin={0}
      aria-valuemax={Math.round(Math.max(end.timeNs, readout.timeNs) / 1000)}
      aria-valuenow={Math.round(readout.timeNs / 1000)}
      aria-valuetext={`${clock(readout.timeNs)}, event ${count(readout.event)}`}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        pressed.current = true;
        scrubTo(event.nativeEvent.offsetX);
      }}
      onPointerMove={(event) => pressed.current && scrubTo(event.nativeEvent.offsetX)}
      onPointerUp={release}
      onPointerCancel={release}
    />
  );
}
