import type { Readout } from '../store/readout.ts';
import { count, percent, slotBytes } from './words.ts';

/** What the gauge shows, in figures. */
export function GaugeFigures({ readout }: { readonly readout: Readout }) {
  const { used, hiwater, nslabs } = readout;
  return (
    <div className="gauge-figures">
      <p className="figure" data-testid="used">
        {count(used)}
      </p>
      <p>
        slots in use<span className="wide"> · {slotBytes(used)}</span>
      </p>
      <p className="label">
        <span>
          {percent(used, nslabs)} of {count(nslabs)}
        </span>{' '}
        <span>
          <span aria-hidden="true">▽</span> peak {count(hiwater)}
        </span>
      </p>
    </div>
  );
}
