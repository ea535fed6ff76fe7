import { useCallback, useRef, useState } from 'react';
import { ghostBetween, type GhostReading, type TimelineGhost } from '../draw/ghost-series.ts';
import { timelineAt, type TimelineReading } from '../draw/timeline-at.ts';
import { paintTimeline, type TimelineBox } from '../draw/timeline.ts';
import { HEADER } from '../engine/frame.ts';
import { page } from '../store/the-page.ts';
import { growthPainter } from './later.tsx';
import { besideShort, policyShort } from './beside-words.ts';
import { currentPalette } from './palette.ts';
import { useCanvas, type Paint, type Surface } from './use-canvas.ts';
import { clock, count, plural } from './words.ts';

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

function readingWords(reading: TimelineReading): string {
  const { fromNs, usedMin, usedMax, capacity, hiwater, failures } = reading;
  const used = usedMin === usedMax ? count(usedMin) : `${count(usedMin)} to ${count(usedMax)}`;
  const failed = failures > 0 ? ` · ${plural(failures, 'map')} failed` : '';
  return `${clock(fromNs)} · used ${used} of ${count(capacity)} · peak ${count(hiwater)}${failed}`;
}

/** The ghost in the words and numbers of the rest of the page. */
function ghostNow(): { readonly ghost?: TimelineGhost } {
  const { besideNow, readout } = page.state;
  if (besideNow === null || !readout?.comparison) return {};
  const { run, beside, progress } = readout.comparison;
  const { used, failedMaps } = beside;
  const name = besideShort(besideNow);
  return { ghost: { name, runName: policyShort(run.policy), used, failedMaps, progress } };
}

function ghostWords(ghost: GhostReading): string {
  const { besideNow } = page.state;
  const { usedMin, usedMax, failures } = ghost;
  const used = usedMin === usedMax ? count(usedMin) : `${count(usedMin)} to ${count(usedMax)}`;
  const failed = failures > 0 ? `, ${plural(failures, 'map')} failed` : '';
  return ` · ${besideNow ? besideShort(besideNow) : 'beside it'} ${used}${failed}`;
}

/** Usage over the run so far. The pointer reads exact values. */
export function Timeline() {
  const scale = page.use((state) => (state.theme === 'projector' ? PROJECTOR_SCALE : 1));
  const theme = page.use((state) => state.theme);
  const hover = useRef<number | null>(null);
  const box = useRef<TimelineBox | null>(null);
  const [reading, setReading] = useState<string | null>(null);
  const paint = useCallback<Paint>(
    (surface, frame) => {
      if (!frame) return;
      // A phone has no room for the projector's words.
      const fontScale = window.innerWidth < PHONE_PX ? 1 : scale;
      const { readout, machine, growth } = page.state;
      box.current = boxOf(surface, fontScale, {
        isGhostly: frame.counts.shadowed,
        throttles: frame.head(HEADER.policy) > 0,
        grows: machine?.dynamic === true,
      });
      const look = { dpr: surface.dpr, fontScale, hoverX: hover.current };
      const shared = { ...look, growth, paintGrowth: growthPainter(), ...ghostNow() };
      const options = readout ? { ...shared, figures: readout } : shared;
      paintTimeline(surface.context, frame, box.current, currentPalette(), options);
    },
    // The palette is read anew after a change of theme.
    // oxlint-disable-next-line react/exhaustive-deps
    [scale, theme],
  );
  const canvas = useCanvas(paint);
  const read = (x: number | null) => {
    hover.current = x;
    const { frame } = page.client;
    const at = x !== null && frame && box.current ? timelineAt(frame, box.current, x) : null;
    const ghost = at && frame ? ghostBetween(frame, at.fromNs, at.toNs) : null;
    setReading(at && readingWords(at) + (ghost ? ghostWords(ghost) : ''));
    page.loop.touch();
  };
  return (
    <figure
      className="timeline"
      aria-label="Slots in use over the run; the numbers stand under Throttle"
    >
      <canvas
        ref={canvas}
        aria-hidden="true"
        onPointerMove={(event) => read(event.nativeEvent.offsetX)}
        onPointerLeave={() => read(null)}
      />
      {reading !== null && <figcaption>{reading}</figcaption>}
    </figure>
  );
}
