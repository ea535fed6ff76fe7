import type { ThrottleReadout } from '../store/throttle-readout.ts';
import { waitRange, type WaitRange } from './wait-bins.ts';
import { hasWaitFigures } from './wait-figures.ts';
import { count, duration, plural } from './words.ts';

function Bars({ range }: { readonly range: WaitRange }) {
  const { bars, marks, most } = range;
  const height = (waits: number) => `${(waits / Math.max(4, most)) * 100}%`;
  return (
    <div className="waits" aria-hidden="true">
      <div className="waits-bars">
        {bars.map(({ over, ongoing }, bin) => (
          // A bin is its place.
          // oxlint-disable-next-line react/no-array-index-key
          <span key={bin}>
            {ongoing > 0 && <i className="going" style={{ height: height(ongoing) }} />}
            {over > 0 && <i style={{ height: height(over) }} />}
          </span>
        ))}
      </div>
      <div className="waits-axis">
        {marks.map(({ text, at }) => (
          <span key={text} style={{ left: `${at * 100}%` }}>
            {text}
          </span>
        ))}
      </div>
    </div>
  );
}

/** The waits that are over, in figures. */
function Figures({ report }: Pick<ThrottleReadout, 'report'>) {
  const { meanWaitNs, p50WaitNs, p99WaitNs, slept, waiting } = report;
  if (slept <= waiting) return <span>none is over</span>;
  return (
    <>
      <span>mean {duration(Math.round(meanWaitNs))}</span>
      <span>p50 {duration(p50WaitNs)}</span>
      <span>p99 {duration(p99WaitNs)}</span>
    </>
  );
}

/** How long requests waited: over in solid, going on in outline, and the figures in words. */
export function WaitHistogram({ throttle }: { readonly throttle: ThrottleReadout }) {
  const { report, waitsOver, waitsOngoing, waiting, starvedNs } = throttle;
  const over = waitsOver.reduce((sum, waits) => sum + waits, 0);
  const longestNs = Math.max(report.maxWaitNs, report.longestNowNs);
  return (
    <div className="wait-panel" data-testid="waits">
      <p className="label ends">
        <span>
          Waits: {count(over)} over,{' '}
          <em className={waiting > 0 ? 'going' : ''}>{count(waiting)} going on</em>
        </span>
        <span>longest {longestNs > 0 ? duration(longestNs) : '–'}</span>
      </p>
      <Bars range={waitRange(waitsOver, waitsOngoing)} />
      {hasWaitFigures(throttle) && (
        <p className="label ends">
          <Figures report={report} />
          {report.starved > 0 && (
            <em className="going" title={`Waited longer than ${duration(starvedNs)}`}>
              {plural(report.starved, 'starved', 'starved')}
            </em>
          )}
        </p>
      )}
    </div>
  );
}
