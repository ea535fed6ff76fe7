import type { Readout } from '../store/readout.ts';
import { page } from '../store/the-page.ts';
import { hueOf } from './hue.ts';
import { MEANINGS } from './terms.ts';
import { bytes, count, percent, slotBytes } from './words.ts';

const TICKS = [0, 0.25, 0.5, 0.75, 1];

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

function Tube({ readout, capacity }: { readonly readout: Readout; readonly capacity: number }) {
  const share = (slots: number) => `${Math.min(1, slots / capacity) * 100}%`;
  return (
    <div className="gauge-tube" aria-hidden="true">
      {TICKS.map((tick) => (
        <span key={tick} className="gauge-tick" style={{ bottom: share(tick * capacity) }}>
          {count(Math.round(tick * capacity))}
        </span>
      ))}
      <div className="gauge-well">
        {stackOf(readout).map(({ device, from, slots }) => (
          <i
            key={device}
            style={{ bottom: share(from), height: share(slots), background: hueOf(device) }}
          />
        ))}
      </div>
      <i className="gauge-used" style={{ bottom: share(readout.used) }} />
      <svg className="gauge-peak" viewBox="0 0 14 8" style={{ bottom: share(readout.hiwater) }}>
        <path d="M1 .5h12L7 6.5z" fill="none" stroke="var(--ink)" />
      </svg>
    </div>
  );
}

function Figures({ readout, capacity }: { readonly readout: Readout; readonly capacity: number }) {
  return (
    <div className="gauge-figures">
      <p className="figure" data-testid="used">
        {count(readout.used)}
      </p>
      <p>slots in use · {slotBytes(readout.used)}</p>
      <p className="label">
        {percent(readout.used, capacity)} of {count(capacity)}
      </p>
      <p className="label">
        <span aria-hidden="true">▽</span> peak {count(readout.hiwater)}
        <span className="wide"> · {percent(readout.hiwater, capacity)}</span>
      </p>
    </div>
  );
}

function Counters({ readout }: { readonly readout: Readout }) {
  const counters = [
    ['maps', count(readout.maps), false],
    // Where nothing is copied this is what moves.
    ...(readout.directMaps > 0 ? ([['direct', count(readout.directMaps), false]] as const) : []),
    ['failed', count(readout.failedMaps), readout.failedMaps > 0],
    ['unmaps', count(readout.unmaps), false],
    ['copied', bytes(readout.copiedBytes), false],
  ] as const;
  return (
    <dl className="counters">
      {counters.map(([name, value, fault]) => (
        <div key={name} className={fault ? 'fault' : ''} title={MEANINGS[name]}>
          <dd data-testid={`counter-${name}`}>{value}</dd>
          <dt>
            {fault && <span aria-hidden="true">✕ </span>}
            {name}
          </dt>
        </div>
      ))}
    </dl>
  );
}

/** How full it is: exact numbers, and a tall gauge stacked by device. */
export function UsagePanel() {
  const readout = page.use((state) => state.readout);
  const capacity = readout?.nslabs ?? 0;
  return (
    <section aria-labelledby="usage-head" className="usage">
      <h2 id="usage-head">
        Usage <small>slots in use of capacity</small>
      </h2>
      {readout && capacity > 0 && (
        <div className="gauge">
          <Tube readout={readout} capacity={capacity} />
          <Figures readout={readout} capacity={capacity} />
        </div>
      )}
      {readout && capacity === 0 && (
        <p className="prose">There is no pool: this machine set no memory aside for copies.</p>
      )}
      {readout && <Counters readout={readout} />}
    </section>
  );
}
