import type { RefObject } from 'react';
import type { Readout } from '../store/readout.ts';
import type { Thresholds } from './use-thresholds.ts';
import { hueOf } from './hue.ts';
import { count } from './words.ts';

const QUARTERS = [0, 0.25, 0.5, 0.75, 1];
/** Growth beyond this part of the boot pool, and the axis counts in quarters of the whole. */
const GROWN_FAR = 1.5;
/** Two words nearer than this part of the tube touch. */
const APART = 0.07;
/** Figures of more characters, such as 524,288, need a wider place beside the tube. */
const LONG_TICK = 6;

interface Bar {
  readonly device: number;
  readonly from: number;
  readonly slots: number;
}

/** What each device holds, stacked; what nobody is known to hold stands on top. */
function stackOf({ devices, used }: Readout): Bar[] {
  const bars: Bar[] = [];
  let from = 0;
  for (const [device, { slots }] of devices.entries()) {
    if (slots > 0) bars.push({ device, from, slots });
    from += slots;
  }
  if (used > from) bars.push({ device: -1, from, slots: used - from });
  return bars;
}

/** Slots the machine booted with, restricted regions included. */
function bootSlots({ pools, nslabs }: Readout): number {
  const atBoot = pools.filter(({ kind }) => kind === 'default' || kind === 'restricted');
  return atBoot.length === 0 ? nslabs : atBoot.reduce((sum, pool) => sum + pool.nslabs, 0);
}

function ticksOf(readout: Readout): number[] {
  const boot = bootSlots(readout);
  const whole = readout.nslabs > GROWN_FAR * boot ? readout.nslabs : boot;
  return QUARTERS.map((quarter) => Math.round(quarter * whole));
}

interface TubeProps {
  readonly readout: Readout;
  readonly capacity: number;
  /** Null where nothing is throttled. */
  readonly thresholds: Thresholds | null;
  readonly well: RefObject<HTMLDivElement | null>;
}

type Share = (slots: number) => string;

/** Where init put the thresholds: two small ticks, and the word where the axis leaves it room. */
function Defaults(props: { readonly readout: Readout; readonly share: Share }) {
  const { readout, share } = props;
  const { throttle, nslabs } = readout;
  const middle = (throttle.defaultHigh + throttle.defaultLow) / 2;
  const isClear = ticksOf(readout).every((tick) => Math.abs(tick - middle) > APART * nslabs);
  return (
    <>
      {[throttle.defaultHigh, throttle.defaultLow].map((slots, index) => (
        <i
          // The two may be one value.
          // oxlint-disable-next-line react/no-array-index-key
          key={index}
          className="gauge-default-tick"
          style={{ bottom: share(slots) }}
        />
      ))}
      {isClear && (
        <span className="gauge-tick bare" style={{ bottom: share(middle) }}>
          default
        </span>
      )}
    </>
  );
}

/** Above high, and between low and high. */
function Shades({ high, low, share }: { high: number; low: number; share: Share }) {
  const [from, to] = [Math.min(low, high), Math.max(low, high)];
  return (
    <>
      <i
        className="gauge-between"
        style={{ bottom: share(from), top: `calc(100% - ${share(to)})` }}
      />
      <i className="gauge-above" style={{ bottom: share(high) }} />
    </>
  );
}

/** The tall gauge: from 0 to the present capacity, stacked by device. */
export function GaugeTube({ readout, capacity, thresholds, well }: TubeProps) {
  const share: Share = (slots) => `${Math.min(1, slots / capacity) * 100}%`;
  const boot = bootSlots(readout);
  const ticks = ticksOf(readout);
  const isLong = ticks.some((tick) => count(tick).length > LONG_TICK);
  return (
    <div className={isLong ? 'gauge-tube long' : 'gauge-tube'} aria-hidden="true">
      {ticks.map((tick) => (
        <span key={tick} className="gauge-tick" style={{ bottom: share(tick) }}>
          {count(tick)}
        </span>
      ))}
      {thresholds && <Defaults readout={readout} share={share} />}
      <div className="gauge-well" ref={well}>
        {thresholds && <Shades {...thresholds} share={share} />}
        {stackOf(readout).map(({ device, from, slots }) => (
          <i
            key={device}
            className="gauge-bar"
            style={{ bottom: share(from), height: share(slots), background: hueOf(device) }}
          />
        ))}
        {capacity > boot && <i className="gauge-boot" style={{ bottom: share(boot) }} />}
      </div>
      <i className="gauge-used" style={{ bottom: share(readout.used) }} />
      <svg className="gauge-peak" viewBox="0 0 14 8" style={{ bottom: share(readout.hiwater) }}>
        <path d="M1 .5h12L7 6.5z" fill="none" stroke="var(--ink)" />
      </svg>
    </div>
  );
}
