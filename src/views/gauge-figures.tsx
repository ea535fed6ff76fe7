import type { Readout } from '../store/readout.ts';
import { count, percent, slotBytes } from './words.ts';

/** Figures of more characters, such as 524,288, are set smaller where they are largest. */
const LONG_FIGURE = 6;

/** What the gauge shows, in figures. */
export function GaugeFigures({ readout }: { readonly readout: Readout }) {
  const { used, hiwater, nslabs, transientNslabs } = readout;
  const figure = count(used);
  return (
    <div className="gauge-figures">
      <p className={figure.length > LONG_FIGURE ? 'figure long' : 'figure'} data-testid="used">
        {figure}
      </p>
      <p>
        slots in use<span className="wide"> · {slotBytes(used)}</span>
      </p>
      <p className="label">
        <span>
          {percent(used, nslabs)} of {count(nslabs)}
        </span>{' '}
        {used > nslabs && <span>and {count(transientNslabs)} transient</span>}{' '}
        <span>
          <span aria-hidden="true">▽</span> peak {count(hiwater)}
        </span>
      </p>
    </div>
  );
}
