import { useEffect, useRef, useState, type RefObject } from 'react';
import type { Readout } from '../store/readout.ts';
import { page } from '../store/the-page.ts';
import type { Threshold } from '../store/throttle.ts';
import { GaugeFigures } from './gauge-figures.tsx';
import { GaugeHandle } from './gauge-handle.tsx';
import { GaugeLabel } from './gauge-label.tsx';
import { GaugeTube } from './gauge-tube.tsx';
import { placeLabels } from './label-places.ts';
import { ThrottleLane, ThrottleSpoken, TokenWords, type LaneCorner } from './throttle-lane.tsx';
import { useThresholds, type Thresholds } from './use-thresholds.ts';

/** Between the lower label and the token. */
const LABEL_GAP_PX = 4;
const BOTH: readonly Threshold[] = ['high', 'low'];

/** Where things of the gauge came to stand, px from its upper left corner. */
interface Places {
  readonly heightPx: number;
  readonly bandTopPx: number;
  readonly lane: LaneCorner;
  readonly linePx: number;
}

const NOWHERE: Places = {
  heightPx: 0,
  bandTopPx: 0,
  lane: { leftPx: 0, topPx: 0 },
  linePx: 15,
};

function measured(band: HTMLElement): Places {
  const gauge = band.closest<HTMLElement>('.gauge');
  const lineHeight = parseFloat(getComputedStyle(band).lineHeight);
  return {
    heightPx: gauge?.clientHeight ?? 0,
    bandTopPx: band.offsetTop,
    lane: { leftPx: band.offsetLeft, topPx: band.offsetTop + band.offsetHeight },
    linePx: Number.isNaN(lineHeight) ? NOWHERE.linePx : lineHeight,
  };
}

function samePlaces(one: Places, other: Places): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Follows the size of the gauge and of what stands above the band. */
function usePlaces(): { places: Places; band: RefObject<HTMLDivElement | null> } {
  const band = useRef<HTMLDivElement>(null);
  const [places, setPlaces] = useState(NOWHERE);
  useEffect(() => {
    const element = band.current;
    if (!element) return undefined;
    const sizes = new ResizeObserver(() => {
      const now = measured(element);
      setPlaces((before) => (samePlaces(before, now) ? before : now));
    });
    for (const watched of element.parentElement?.children ?? []) sizes.observe(watched);
    const gauge = element.closest('.gauge');
    if (gauge) sizes.observe(gauge);
    return () => sizes.disconnect();
  }, []);
  return { places, band };
}

interface LabelsProps {
  readonly thresholds: Thresholds;
  readonly capacity: number;
  readonly places: Places;
  readonly canSet: boolean;
}

/** The labels, and lines from handles to those that had to give way. */
function Labels({ thresholds, capacity, places, canSet }: LabelsProps) {
  const { heightPx, bandTopPx, lane, linePx } = places;
  const handles = BOTH.map((which) => heightPx * (1 - Math.min(1, thresholds[which] / capacity)));
  const ys = placeLabels(handles, {
    topPx: bandTopPx,
    bottomPx: lane.topPx - LABEL_GAP_PX,
    linePx,
  });
  return (
    <>
      <svg className="gauge-leaders" aria-hidden="true">
        {BOTH.map((which, index) => {
          const [from = 0, to = 0] = [handles[index], ys[index]];
          return Math.abs(from - to) < 2 ? null : (
            <path
              key={which}
              d={`M0 ${from + 0.5}H2.5V${to}H5`}
              fill="none"
              stroke="var(--accent)"
            />
          );
        })}
      </svg>
      {BOTH.map((which, index) => (
        <GaugeLabel
          key={which}
          which={which}
          slots={thresholds[which]}
          capacity={capacity}
          y={ys[index] ?? 0}
          set={canSet ? (slots) => thresholds.set(which, slots) : null}
        />
      ))}
    </>
  );
}

interface GaugeProps {
  readonly readout: Readout;
}

/** How full the memory is, and where requests begin to wait; beside it, who does. */
export function ThrottledGauge({ readout }: GaugeProps) {
  const { throttle, nslabs: capacity, timeNs } = readout;
  const thresholds = useThresholds(throttle, capacity);
  const canSet = page.use((state) => state.replay === null);
  const well = useRef<HTMLDivElement>(null);
  const { places, band } = usePlaces();
  const standard = { high: throttle.defaultHigh, low: throttle.defaultLow };
  return (
    <div className="gauge throttled">
      <ThrottleLane {...places.lane} />
      <GaugeTube readout={readout} capacity={capacity} thresholds={thresholds} well={well} />
      <div className="gauge-handles">
        {BOTH.map((which) => (
          <GaugeHandle
            key={which}
            which={which}
            slots={thresholds[which]}
            standard={standard[which]}
            capacity={capacity}
            move={canSet ? (slots) => thresholds.set(which, slots) : null}
            well={well}
          />
        ))}
      </div>
      <div className="gauge-side">
        <GaugeFigures readout={readout} />
        <div className="gauge-band" ref={band} />
        <TokenWords throttle={throttle} timeNs={timeNs} />
      </div>
      <Labels thresholds={thresholds} capacity={capacity} places={places} canSet={canSet} />
      <ThrottleSpoken throttle={throttle} timeNs={timeNs} />
    </div>
  );
}
