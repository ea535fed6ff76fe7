import { useRef, type ReactNode } from 'react';
import type { Readout } from '../store/readout.ts';
import { GaugeFigures } from './gauge-figures.tsx';
import { GaugeTube } from './gauge-tube.tsx';

interface PlainGaugeProps {
  readonly readout: Readout;
  /** Takes the place that the gauge with thresholds will have. */
  readonly throttled?: boolean;
  readonly children?: ReactNode;
}

/** How full the memory is, and nothing of who waits. */
export function PlainGauge({ readout, throttled = false, children }: PlainGaugeProps) {
  const well = useRef<HTMLDivElement>(null);
  return (
    <div className={throttled ? 'gauge throttled' : 'gauge'}>
      <GaugeTube readout={readout} capacity={readout.nslabs} thresholds={null} well={well} />
      <div className="gauge-side">
        <GaugeFigures readout={readout} />
        {children}
      </div>
    </div>
  );
}
