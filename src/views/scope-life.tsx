import type { SlotLife, Tenure } from '../store/reports.ts';
import { page } from '../store/the-page.ts';
import { hueOf } from './hue.ts';
import { DIRECTIONS } from './slot-words.ts';
import { bytes, clock, count, duration, percent, plural } from './words.ts';

/** Rows of the table: the newest holders. */
const ROWS = 40;

function nameOf(device: number): string {
  return page.state.machine?.devices[device]?.name ?? 'unknown';
}

/** The slot's time as one bar: who held it when. */
function Strip({ life }: { readonly life: SlotLife }) {
  const first = life.tenures[0];
  const fromNs = life.count > life.tenures.length ? (first?.mappedNs ?? 0) : life.fromNs;
  const spanNs = Math.max(1, life.untilNs - fromNs);
  const x = (ns: number) => ((ns - fromNs) / spanNs) * 1000;
  return (
    <svg
      className="scope-strip"
      viewBox="0 0 1000 12"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect width="1000" height="12" fill="var(--free)" />
      {life.tenures.map(({ serial, device, mappedNs, unmappedNs }) => {
        const endNs = unmappedNs < 0 ? life.untilNs : unmappedNs;
        const width = Math.max(1, x(endNs) - x(mappedNs));
        return <rect key={serial} x={x(mappedNs)} width={width} height="12" fill={hueOf(device)} />;
      })}
    </svg>
  );
}

function Holder({ tenure, untilNs }: { readonly tenure: Tenure; readonly untilNs: number }) {
  const { serial, device, cpu, mappedNs, unmappedNs, direction, copiedIn, copiedBack } = tenure;
  const endNs = unmappedNs < 0 ? untilNs : unmappedNs;
  const held = `${duration(endNs - mappedNs)}${unmappedNs < 0 ? ' so far' : ''}`;
  const copied =
    direction === 3 ? 'nothing copied' : `${bytes(copiedIn)} in, ${bytes(copiedBack)} back`;
  return (
    <li>
      <i className="swatch" style={{ background: hueOf(device) }} />{' '}
      <button
        type="button"
        className="quiet"
        aria-label={`The search of mapping ${serial}, ${nameOf(device)}`}
        onClick={() => page.microscope.show({ kind: 'mapping', serial, atNs: mappedNs })}
      >
        {nameOf(device)} CPU {cpu}
      </button>{' '}
      <span>
        {clock(mappedNs)} · {held} · {DIRECTIONS[direction]} · {copied}
      </span>
    </li>
  );
}

/** Who held the slot, when, and for how long. */
export function ScopeLife() {
  const life = page.use((state) => state.scope.life);
  const pinned = page.use((state) => state.pinnedAt);
  const isReplay = page.use((state) => state.replay !== null);
  const slot = life?.at ?? pinned;
  if (slot === null) return null;
  return (
    <section className="scope-life">
      <h3>The life of slot {count(slot.slot)}</h3>
      {life === null ? (
        <p className="prose">
          {isReplay ? (
            'A recording is not played again to look back.'
          ) : (
            <button type="button" className="quiet" onClick={() => page.microscope.showLife(slot)}>
              Repeat the run to see it
            </button>
          )}
        </p>
      ) : (
        <>
          <Strip life={life} />
          <p className="prose">
            {plural(life.count, 'holder')} up to {clock(life.untilNs)}; held{' '}
            {percent(life.heldNs, life.untilNs - life.fromNs)} of the time. Drivers here map and
            unmap for each use: there are no syncs.
          </p>
          <ol className="scope-holders">
            {life.tenures
              .slice(-ROWS)
              .toReversed()
              .map((tenure) => (
                <Holder key={tenure.serial} tenure={tenure} untilNs={life.untilNs} />
              ))}
          </ol>
          {life.count > ROWS && (
            <p className="label">
              The newest {count(Math.min(ROWS, life.tenures.length))} of them.
            </p>
          )}
        </>
      )}
    </section>
  );
}
