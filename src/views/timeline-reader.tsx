import {
  useEffect,
  useReducer,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
} from 'react';
import { momentAt } from '../draw/timeline-at.ts';
import { nsPerPx, plotWidth } from '../draw/timeline-chart.ts';
import { HEADER } from '../engine/frame.ts';
import { page } from '../store/the-page.ts';
import { isGrip, Playhead, scrubTo } from './timeline-playhead.tsx';
import { placeMeant, timelineLook } from './timeline-look.ts';
import { momentLines, painted, selectedFailure, selectedLines } from './timeline-reading.ts';
import { clock } from './words.ts';

/** A pointer that moved less has not dragged. */
const DRAG_PX = 4;
/** Parts of the width that an arrow key moves by, and Page up and down. */
const KEY_STEP = 1 / 100;
const KEY_PAGE = 1 / 10;
/** Speech takes time: at most one sentence in so long. */
const QUIET_MS = 1500;

/** Selects what lies between two moments, in whichever order. */
function select(oneNs: number, otherNs: number) {
  page.set({ span: { fromNs: Math.min(oneNs, otherNs), toNs: Math.max(oneNs, otherNs) } });
}

/** Says `text` when it has not changed for a moment, and never faster than it can be heard. */
function useSpeech(text: string): string {
  const [spoken, setSpoken] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSpoken(text), QUIET_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return spoken;
}

/** Where a key moves the moment, in shares of the time shown; null for keys that do not. */
function keyMove(key: string): number | null {
  const moves: Readonly<Record<string, number>> = {
    ArrowLeft: -KEY_STEP,
    ArrowDown: -KEY_STEP,
    ArrowRight: KEY_STEP,
    ArrowUp: KEY_STEP,
    PageDown: -KEY_PAGE,
    PageUp: KEY_PAGE,
    Home: -Infinity,
    End: Infinity,
  };
  return moves[key] ?? null;
}

/** A pointer points, and selects while it is down; where it grips the playhead, that goes with it. */
function useDragging(point: (x: number | null) => void) {
  const pressedX = useRef<number | null>(null);
  const grips = useRef(false);
  const release = () => {
    pressedX.current = null;
    grips.current = false;
  };
  return {
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const at = painted();
      const from = pressedX.current;
      const to = event.nativeEvent.offsetX;
      point(to);
      if (grips.current) scrubTo(to);
      if (at !== null) {
        event.currentTarget.style.cursor = isGrip(at.frame, at.box, event) ? 'ew-resize' : '';
      }
      if (at === null || from === null || Math.abs(to - from) < DRAG_PX) return;
      select(momentAt(at.frame, at.box, from), momentAt(at.frame, at.box, to));
    },
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const at = painted();
      if (at !== null && isGrip(at.frame, at.box, event)) {
        grips.current = true;
        return;
      }
      pressedX.current = event.nativeEvent.offsetX;
      page.set({ span: null });
    },
    onPointerUp: release,
    onPointerCancel: release,
    onPointerLeave: () => point(null),
  };
}

/**
 * Arrows, Page, Home and End move from the moment that is meant; with Shift they select from where
 * they began.
 *
 * @param hold takes the new moment, virtual ns.
 */
function useMoving(hold: (ns: number) => void) {
  /** Where the keyboard was last, and where its selection began. */
  const lastNs = useRef(0);
  const anchorNs = useRef<number | null>(null);
  return (event: KeyboardEvent<HTMLElement>) => {
    const at = painted();
    const move = keyMove(event.key);
    if (at === null || move === null || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const { frame, box } = at;
    const { pointerX, heldNs } = timelineLook;
    const pointedNs = pointerX === null ? lastNs.current : momentAt(frame, box, pointerX);
    const fromNs = heldNs ?? pointedNs;
    const stepNs = move * nsPerPx(frame, box) * plotWidth(box);
    const toNs = Math.max(0, Math.min(frame.head(HEADER.timeNs), fromNs + stepNs));
    if (!event.shiftKey || page.state.span === null) anchorNs.current = null;
    if (event.shiftKey) {
      anchorNs.current ??= fromNs;
      select(anchorNs.current, toNs);
    }
    lastNs.current = toNs;
    hold(toNs);
  };
}

/** What a screen reader is told of the place, as of a slider: virtual µs, and words. */
function sliderValues(x: number | null) {
  const at = painted();
  const nowNs = at?.frame.head(HEADER.timeNs) ?? 0;
  const ns = at && x !== null ? momentAt(at.frame, at.box, x) : 0;
  const words = x === null ? ['no moment chosen; the arrows choose one'] : momentLines(x);
  return {
    most: Math.round(nowNs / 1000),
    now: Math.round(ns / 1000),
    text: words?.join('. ') ?? clock(ns),
  };
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  return lines.map((line, row) => (
    // Lines have no identity but their place.
    // oxlint-disable-next-line react/no-array-index-key
    <span key={row}>{line}</span>
  ));
}

/** What is pointed at, in words: in the corner on the other side. */
function Reading({ x }: { readonly x: number | null }) {
  const lines = x === null ? null : momentLines(x);
  if (x === null || lines === null) return null;
  const middle = (timelineLook.box?.widthPx ?? 0) / 2;
  return (
    <figcaption className={x < middle ? 'at-right' : ''}>
      <Lines lines={lines} />
    </figcaption>
  );
}

/** From the failures of a stretch to the search that was the first to fail. */
function FirstFailure() {
  const atNs = selectedFailure();
  if (atNs === null) return null;
  return (
    <button
      type="button"
      className="quiet"
      onClick={() => page.microscope.show({ kind: 'failure', atNs })}
    >
      Show the first search that failed
    </button>
  );
}

/** Reads the timeline under the pointer and by keyboard, and selects stretches of it. */
export function TimelineReader() {
  // A few times a second: whatever stands here is read anew.
  page.use((state) => state.readout);
  page.use((state) => state.span);
  const [, readAnew] = useReducer((times: number) => times + 1, 0);
  const mean = (pointerX: number | null, heldNs: number | null) => {
    timelineLook.pointerX = pointerX;
    timelineLook.heldNs = heldNs;
    readAnew();
    page.loop.touch();
  };
  const at = painted();
  const x = at && placeMeant(at.frame, at.box);
  const dragging = useDragging((pointerX) => mean(pointerX, null));
  const onKeyDown = useMoving((heldNs) => mean(null, heldNs));
  const values = sliderValues(x);
  const selected = selectedLines();
  const spoken = useSpeech(selected?.join('. ') ?? '');
  return (
    <>
      <div
        {...dragging}
        // There is no native control for a moment on a chart.
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
        role="slider"
        tabIndex={0}
        className="timeline-glass"
        aria-label="Moment on the timeline; Shift and an arrow select a stretch"
        aria-valuemin={0}
        aria-valuemax={values.most}
        aria-valuenow={values.now}
        aria-valuetext={values.text}
        onBlur={() => mean(null, null)}
        onKeyDown={onKeyDown}
      />
      <Playhead />
      <Reading x={x} />
      {selected && (
        // Above the footer: it stands for long, and the marks it is about are to be seen.
        <div className="timeline-selection" data-testid="span">
          <Lines lines={selected} />
          <FirstFailure />
        </div>
      )}
      <output className="hidden-text" data-testid="selection">
        {spoken}
      </output>
    </>
  );
}
