import type { DeviceBuffers, OwnWait } from '../store/reports.ts';
import { page } from '../store/the-page.ts';
import { hueOf } from './hue.ts';
import { costWords, deviceSum, isStuck, ownSum, waitWords } from './own-words.ts';
import { bytes, count } from './words.ts';

/** The newest buffers of a device, a chip each. */
function Chips({ device, live, newest }: DeviceBuffers) {
  const more = live - newest.length;
  return (
    <span className="own-chips" aria-hidden="true">
      {newest.map(({ serial, size }) => (
        <b key={serial} style={{ borderColor: hueOf(device) }}>
          {bytes(size)}
        </b>
      ))}
      {more > 0 && <i>+{count(more)}</i>}
    </span>
  );
}

/** Tasks that sleep for memory; said aloud once nothing is left that could wake them. */
function Waiting({ wait }: { readonly wait: OwnWait | null }) {
  const name = page.use((state) => state.machine?.devices[wait?.device ?? 0]?.name ?? 'the disk');
  const stuck = isStuck(wait);
  return (
    <>
      <output className="own-wait stuck" data-testid="own-stuck">
        {stuck && wait !== null && waitWords(wait, name)}
      </output>
      {wait !== null && !stuck && (
        <p className="own-wait" data-testid="own-wait">
          {waitWords(wait, name)}
        </p>
      )}
    </>
  );
}

/** Bounce buffers that have pages of their own, beside the pools: they have no slots. */
export function OwnStrip() {
  const own = page.use((state) => state.own);
  const devices = page.use((state) => state.machine?.devices);
  if (own === null) return <div className="own" />;
  return (
    <section className="own" aria-labelledby="own-head" data-testid="own">
      <h3 id="own-head">
        Pages of their own <small data-testid="own-sum">{ownSum(own.devices)}</small>
      </h3>
      <Waiting wait={own.wait} />
      <ul>
        {own.devices.map((one) => (
          <li key={one.device}>
            <i className="swatch" style={{ background: hueOf(one.device) }} />
            <b>{devices?.[one.device]?.name ?? `device ${one.device}`}</b>
            <span>{deviceSum(one)}</span>
            <Chips {...one} />
          </li>
        ))}
      </ul>
      <p className="label" data-testid="own-costs">
        {costWords(own)}
      </p>
    </section>
  );
}
