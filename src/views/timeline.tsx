import { useCallback } from 'react';
import type { TimelineGhost } from '../draw/ghost-series.ts';
import type { Past } from '../draw/timeline-chart.ts';
import { paintTimeline, type TimelineBox } from '../draw/timeline.ts';
import { HEADER } from '../engine/frame.ts';
import { page } from '../store/the-page.ts';
import { besideShort, runWord } from './beside-words.ts';
import { laterLayers, TimelineReader } from './later.tsx';
import { currentPalette } from './palette.ts';
import { placeMeant, timelineLook } from './timeline-look.ts';
import { useCanvas, type Paint, type Surface } from './use-canvas.ts';

const PHONE_PX = 700;
const PROJECTOR_SCALE = 1.58;

/** What more the lane of marks must hold. */
interface Lanes {
  /** Something runs beside the run: two rows of failures. */
  readonly isGhostly: boolean;
  readonly throttles: boolean;
  readonly grows: boolean;
}

/** The chart's margins: for the axis, the labels at the lines' ends, and the lane of marks. */
function boxOf(
  surface: Surface,
  scale: number,
  { isGhostly, throttles, grows }: Lanes,
): TimelineBox {
  const { widthPx, heightPx } = surface;
  const phone = window.innerWidth < PHONE_PX;
  const throttleLane = throttles ? 12 : 0;
  const growthLane = grows ? 14 : 0;
  return {
    widthPx,
    heightPx,
    leftPx: Math.round(54 * scale),
    rightPx: phone ? 12 : Math.round(116 * scale),
    topPx: Math.round(((isGhostly ? 26 : 19) + throttleLane + growthLane) * scale),
    throttlePx: Math.round(throttleLane * scale),
    growthPx: Math.round(growthLane * scale),
    bottomPx: Math.round(18 * scale),
  };
}

/** The ghost in the words and numbers of the rest of the page. */
function ghostNow(): { readonly ghost?: TimelineGhost } {
  const { besideNow, readout } = page.state;
  if (besideNow === null || !readout?.comparison) return {};
  const { run, beside, progress } = readout.comparison;
  const { used, failedMaps } = beside;
  const name = besideShort(besideNow);
  return {
    ghost: {
      name,
      runName: runWord(besideNow, page.state.scenario?.machine, run.policy),
      used,
      failedMaps,
      progress,
    },
  };
}

/** What was played besides the run's past: its future, and the branches that were left. */
function pastsNow(): readonly Past[] {
  const { branches, pasts } = page.state.time;
  return pasts.flatMap((past) => {
    const branch = branches.find(({ id }) => id === past.id);
    return branch ? [{ ...past, name: branch.name, isCurrent: branch.isCurrent }] : [];
  });
}

/** Usage over the run so far. What reads it lies over it, and is loaded after the first picture. */
export function Timeline() {
  const scale = page.use((state) => (state.theme === 'projector' ? PROJECTOR_SCALE : 1));
  const theme = page.use((state) => state.theme);
  const paint = useCallback<Paint>(
    (surface, frame) => {
      if (!frame) return;
      // A phone has no room for the projector's words.
      const fontScale = window.innerWidth < PHONE_PX ? 1 : scale;
      const { readout, machine, growth, span } = page.state;
      const box = boxOf(surface, fontScale, {
        isGhostly: frame.counts.shadowed,
        throttles: frame.head(HEADER.policy) > 0,
        grows: machine?.dynamic === true,
      });
      timelineLook.box = box;
      const look = { dpr: surface.dpr, fontScale, hoverX: placeMeant(frame, box) };
      const shared = {
        ...look,
        growth,
        span,
        later: laterLayers(),
        pasts: pastsNow(),
        ...ghostNow(),
      };
      const options = readout ? { ...shared, figures: readout } : shared;
      paintTimeline(surface.context, frame, box, currentPalette(), options);
    },
    // The palette is read anew after a change of theme.
    // oxlint-disable-next-line react/exhaustive-deps
    [scale, theme],
  );
  const canvas = useCanvas(paint);
  return (
    <figure
      className="timeline"
      aria-label="Slots in use over the run; the numbers stand under Throttle"
    >
      <canvas ref={canvas} aria-hidden="true" />
      <TimelineReader />
    </figure>
  );
}
