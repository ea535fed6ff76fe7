import type { Readout } from '../store/readout.ts';
import { page } from '../store/the-page.ts';
import type { ThrottleReadout } from '../store/throttle-readout.ts';
import { ThrottledGauge, WaitHistogram } from './later.tsx';
import { PlainGauge } from './plain-gauge.tsx';
import { PolicyButton, PolicyMenu } from './policy-picker.tsx';
import { MEANINGS } from './meanings.ts';
import { whyNobodyBlocks } from './why-nobody-blocks.ts';
import { bytes, count, plural } from './words.ts';

interface Counter {
  readonly name: string;
  readonly value: string;
  readonly means: string;
  readonly fault?: boolean;
}

function Counters(props: { readonly counters: readonly Counter[]; readonly kernel?: boolean }) {
  const { counters, kernel = false } = props;
  return (
    <dl className={kernel ? 'counters kernel' : 'counters'}>
      {counters.map(({ name, value, means, fault = false }) => (
        <div key={name} className={fault ? 'fault' : ''} title={means}>
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

function mapCounters(readout: Readout): Counter[] {
  const { maps, directMaps, failedMaps, unmaps, copiedBytes } = readout;
  return [
    { name: 'maps', value: count(maps), means: MEANINGS.maps },
    // Where nothing is copied this is what moves.
    ...(directMaps > 0
      ? [{ name: 'direct', value: count(directMaps), means: MEANINGS.direct }]
      : []),
    { name: 'failed', value: count(failedMaps), means: MEANINGS.failed, fault: failedMaps > 0 },
    { name: 'unmaps', value: count(unmaps), means: MEANINGS.unmaps },
    { name: 'copied', value: bytes(copiedBytes), means: MEANINGS.copied },
  ];
}

function throttleCounters(throttle: ThrottleReadout): Counter[] {
  const { highThrottleCount, lowThrottleCount, waiting } = throttle;
  return [
    {
      name: 'high_throttle_count',
      value: count(highThrottleCount),
      means: MEANINGS.high_throttle_count,
    },
    {
      name: 'low_throttle_count',
      value: count(lowThrottleCount),
      means: MEANINGS.low_throttle_count,
    },
    { name: 'waiting', value: count(waiting), means: MEANINGS.asleep },
  ];
}

/** What a request that may block would do, where none has to. */
function Unthrottled() {
  return (
    <p className="prose gauge-prose">
      Throttling would let a request that may block sleep until there is room, where now its map
      fails at once. Pick a policy above to see who waits for whom.
    </p>
  );
}

function Throttled({ readout }: { readonly readout: Readout }) {
  const machine = page.use((state) => state.machine);
  const { throttle } = readout;
  const isReplay = page.use((state) => state.replay !== null);
  // Of a recorded device it is not known what its driver may do.
  const why = isReplay ? null : whyNobodyBlocks(throttle, machine);
  return (
    <>
      <ThrottledGauge readout={readout} />
      {why && <p className="prose throttle-why">{why}</p>}
      <Counters counters={throttleCounters(throttle)} kernel />
      <WaitHistogram throttle={throttle} />
      {throttle.racyReads > 0 && (
        <p className="label" data-testid="racy-reads">
          {plural(throttle.racyReads, 'read')} of the use differed from the replayed total.
        </p>
      )}
    </>
  );
}

/** How full it is, from where on requests wait, and who waits. */
export function ThrottlePanel() {
  const readout = page.use((state) => state.readout);
  const policy = readout?.throttle.policy ?? 'none';
  const hasPool = readout !== null && readout.nslabs > 0;
  return (
    <section aria-labelledby="usage-head" className="usage">
      <h2 id="usage-head">Throttle {readout && <PolicyButton policy={policy} />}</h2>
      <PolicyMenu policy={policy} />
      {readout && !hasPool && (
        <p className="prose">There is no pool: this machine set no memory aside for copies.</p>
      )}
      {hasPool && policy !== 'none' && <Throttled readout={readout} />}
      {hasPool && policy === 'none' && (
        <PlainGauge readout={readout}>
          <Unthrottled />
        </PlainGauge>
      )}
      {readout && <Counters counters={mapCounters(readout)} />}
    </section>
  );
}
