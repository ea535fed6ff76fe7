import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import type { Walk } from '../draw/hit-test.ts';
import { page } from '../store/the-page.ts';
import { FirstNotes } from './first-notes.tsx';
import { grid } from './grid-controls.ts';
import { GridSummary } from './grid-summary.tsx';
import { HeatmapPointer } from './heatmap-pointer.ts';
import { HeatmapView, type Place } from './heatmap-view.ts';
import { PinLabel } from './pin-label.tsx';
import { Tooltip } from './tooltip.tsx';

const WALKS: Readonly<Record<string, Walk>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'row-start',
  End: 'row-end',
};

/** A phone's panel grows with the memory, down to this. */
const PHONE_ROOM_PX = 700;
const PHONE_PX = 700;
/** The projector's words are this much larger. */
const PROJECTOR_SCALE = 1.58;

function placeOf(box: HTMLElement): Place {
  const { machine, theme } = page.state;
  const compact = window.innerWidth < PHONE_PX;
  const projector = theme === 'projector' && !compact;
  return {
    widthPx: box.clientWidth,
    heightPx: compact ? PHONE_ROOM_PX : box.clientHeight,
    gutterPx: compact ? 0 : projector ? 64 : 50,
    compact,
    fontScale: projector ? PROJECTOR_SCALE : 1,
    dpr: window.devicePixelRatio || 1,
    dynamic: machine?.dynamic ?? false,
  };
}

/** Paints the view into the canvas from the page's loop, as large as the box allows. */
function usePainted(view: HeatmapView) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const [element, target] = [box.current, canvas.current];
    if (!element || !target) return undefined;
    const remove = page.loop.add((frame) => {
      const place = placeOf(element);
      if (!frame || place.widthPx === 0 || place.heightPx === 0) return;
      const heightPx = view.lay(frame, place);
      target.style.height = `${heightPx}px`;
      if (place.compact) element.style.height = `${heightPx}px`;
      else element.style.removeProperty('height');
      view.paint(target, frame);
    });
    const sizes = new ResizeObserver(() => page.loop.touch());
    sizes.observe(element);
    const quiet = new HeatmapPointer(view, page).listen(target);
    grid.current = view;
    return () => {
      remove();
      sizes.disconnect();
      quiet();
      grid.current = null;
    };
  }, [view]);
  return { box, canvas };
}

function walk(view: HeatmapView, event: KeyboardEvent) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const step = WALKS[event.key];
  if (step) view.walk(step);
  else if (event.key === 'Enter') page.pointing.pin(view.focus);
  else return;
  event.preventDefault();
}

/** The memory: every slot of every pool, focusable as one grid that the arrows walk. */
export function Heatmap() {
  const [view] = useState(() => new HeatmapView(page));
  const { box, canvas } = usePainted(view);
  const summary = useId();
  return (
    <div className="heatmap" ref={box}>
      <canvas
        ref={canvas}
        data-grid
        // A canvas is no widget of its own: the arrow keys make it one.
        // oxlint-disable-next-line jsx-a11y/no-interactive-element-to-noninteractive-role
        role="application"
        tabIndex={0}
        aria-label="Memory, slot by slot"
        aria-roledescription="slot grid"
        aria-describedby={summary}
        data-testid="heatmap"
        onFocus={(event) => {
          if (event.target.matches(':focus-visible')) view.enter();
        }}
        onBlur={() => view.leave()}
        onKeyDown={(event) => {
          if (!view.focus) view.enter();
          walk(view, event);
        }}
      />
      <FirstNotes view={view} />
      <PinLabel view={view} />
      <Tooltip view={view} />
      <GridSummary id={summary} />
    </div>
  );
}
