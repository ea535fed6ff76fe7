import { useState } from 'react';
import { SIZE_EDGES } from '../engine/frame.ts';
import type { DeviceReadout } from '../store/readout.ts';
import type { DeviceSummary } from '../store/reports.ts';
import { page } from '../store/the-page.ts';
import { DeviceControls } from './device-controls.tsx';
import { hueOf } from './hue.ts';
import { Sparkline } from './sparkline.tsx';
import { MEANINGS } from './meanings.ts';
import { bytes, count, plural, rate } from './words.ts';

interface LaneProps {
  readonly device: DeviceSummary;
  readonly row: number;
}

/** Of a recorded device only its maps are known. */
function RecordedFacts({ readout }: { readonly readout: DeviceReadout }) {
  return (
    <p className="lane-facts">
      <Fact name="maps" title={MEANINGS['copied here']} value={readout.bounced} />
      <Fact name="live" title={MEANINGS.live} value={readout.mappings} />
      <Fact name="failed" title={MEANINGS['failed here']} value={readout.failedMaps} fault />
    </p>
  );
}

const MAY_BLOCK = 'Its driver may sleep in a map: it could wait for room.';
const RECOMMENDED =
  'Its driver may sleep in a map, and dma_recommend_may_block says now that it should.';
const NOT_RECOMMENDED =
  'Its driver may sleep in a map, but dma_recommend_may_block is false now: nothing is throttled here.';
const NEVER_BLOCKS = 'Its driver maps where it must not sleep: no room is a failure at once.';

const ALLOCATES =
  'Its driver maps nothing: it gets memory of its own by dma_alloc and keeps it long.';

interface Disclosure {
  readonly open: boolean;
  readonly toggle: () => void;
}

/** The same in a small place. */
function sizeEdge(index: number): string {
  return sizeClass(index).replace('up to ', '≤ ').replace('over ', '> ');
}

function sizeClass(index: number): string {
  const edge = SIZE_EDGES[index];
  return edge === undefined ? `over ${bytes(SIZE_EDGES.at(-1) ?? 0)}` : `up to ${bytes(edge)}`;
}

/** Map sizes so far, smallest class first. */
function SizeMix({ sizes }: { readonly sizes: readonly number[] }) {
  const all = sizes.reduce((sum, maps) => sum + maps, 0);
  const used = sizes.flatMap((maps, index) => (maps > 0 ? [index] : []));
  const first = used[0];
  const last = used.at(-1);
  if (first === undefined || last === undefined)
    return <p className="label mix-empty">no map yet</p>;
  const words = used.map((index) => {
    const share = Math.round(((sizes[index] ?? 0) / all) * 100);
    return `${sizeClass(index)}: ${share} %`;
  });
  return (
    <div className="mix label">
      <span className="hidden-text">Sizes mapped: {words.join(', ')}</span>
      <span aria-hidden="true">{sizeEdge(first)}</span>
      <span className="mix-bar" aria-hidden="true" title={words.join(', ')}>
        {used.map((index) => (
          <i key={index} style={{ flexGrow: sizes[index], opacity: 0.35 + index * 0.13 }} />
        ))}
      </span>
      {last !== first && <span aria-hidden="true">{sizeEdge(last)}</span>}
    </div>
  );
}

interface FactProps {
  readonly name: string;
  readonly title: string;
  readonly value: number;
  readonly fault?: boolean;
}

function Fact({ name, title, value, fault = false }: FactProps) {
  const alarmed = fault && value > 0;
  return (
    <span className={alarmed ? 'fault' : ''} title={title}>
      {alarmed && <span aria-hidden="true">✕ </span>}
      {name} <b>{count(value)}</b>
    </span>
  );
}

/** From here on a rate of 0 means that nothing gets done: the windows are all filled. */
const RATE_KNOWN_NS = 40e6;
/** Rates from here on are told in whole thousands: a lane is narrow. */
const WHOLE_THOUSANDS = 1e4;

/** What it gets done; unknown before the first whole window. */
function Done({ readout }: { readonly readout: DeviceReadout }) {
  const { ratePerSecond } = readout;
  const isLate = page.use((state) => (state.readout?.timeNs ?? 0) >= RATE_KNOWN_NS);
  const step = ratePerSecond < WHOLE_THOUSANDS ? 1 : 1000;
  const known = isLate || ratePerSecond > 0;
  return (
    <span title={MEANINGS.done}>
      done <b>{known ? rate(Math.round(ratePerSecond / step) * step) : '–'}</b>
    </span>
  );
}

/** Of a device that maps nothing: the memory it got, and how often it got none. */
function AllocFacts({ readout }: { readonly readout: DeviceReadout }) {
  return (
    <>
      <p className="lane-facts pair">
        <span title={MEANINGS.kept}>
          keeps <b data-testid="kept">{bytes(readout.allocatedBytes)}</b>
        </span>
        <span title={MEANINGS.buffers}>
          buffers <b>{count(readout.depth)}</b>/{count(readout.depthLimit)}
        </span>
      </p>
      <p className="lane-facts pair">
        <Fact name="refused" title={MEANINGS.refused} value={readout.failedAllocs} fault />
        <Fact name="waiting" title={MEANINGS['waiting for memory']} value={readout.waiting} />
      </p>
    </>
  );
}

interface FactsProps {
  readonly readout: DeviceReadout;
  readonly kind: string;
}

function Facts({ readout, kind }: FactsProps) {
  const { direct, bounced } = readout;
  return (
    <>
      <p className="lane-facts">
        <Done readout={readout} />
        <span title={MEANINGS.depth}>
          depth <b>{count(readout.depth)}</b>/{count(readout.depthLimit)}
        </span>
        <Fact name="waiting" title={MEANINGS.waiting} value={readout.waiting} />
      </p>
      <p className="lane-facts">
        <Fact name="failed" title={MEANINGS['failed here']} value={readout.failedMaps} fault />
        <Fact name="retried" title={MEANINGS.retried} value={readout.retried} />
        {readout.ioErrors > 0 ? (
          <Fact
            name={errorsName(kind)}
            title={MEANINGS['I/O errors']}
            value={readout.ioErrors}
            fault
          />
        ) : (
          <Fact name="dropped" title={MEANINGS.dropped} value={readout.dropped} fault />
        )}
      </p>
      <Asleep readout={readout} />
      {direct > 0 && (
        <p className="lane-facts">
          <Fact name="direct" title={MEANINGS.direct} value={direct} />
          <Fact name="copied" title={MEANINGS['copied here']} value={bounced} />
        </p>
      )}
    </>
  );
}

/** What is asleep, or waits to be rung or polled for; only what is not 0. */
function Asleep({ readout }: { readonly readout: DeviceReadout }) {
  const { throttled, tasks, blockedTasks, unrung, unreaped } = readout;
  if (throttled + blockedTasks + unrung + unreaped === 0) return null;
  return (
    <p className="lane-asleep" data-testid="asleep">
      {throttled > 0 && (
        <Fact name="in the throttle" title={MEANINGS.throttled} value={throttled} />
      )}
      {blockedTasks > 0 && (
        <span title={MEANINGS.blocked}>
          <b>{count(blockedTasks)}</b> of {plural(tasks, 'task')} asleep
        </span>
      )}
      {unrung > 0 && <Fact name="not rung for" title={MEANINGS.unrung} value={unrung} />}
      {unreaped > 0 && <Fact name="not polled" title={MEANINGS.unreaped} value={unreaped} />}
    </p>
  );
}

/** What the badge of a driver that may sleep adds: whether it is told to. */
function blockTitle({ mayBlock, recommended }: DeviceSummary, isThrottled: boolean): string {
  if (!mayBlock) return NEVER_BLOCKS;
  if (!isThrottled) return MAY_BLOCK;
  return recommended ? RECOMMENDED : NOT_RECOMMENDED;
}

/** Who it is; with a load to change, the name opens its controls. */
function Head({ device, row, open, toggle }: LaneProps & Disclosure) {
  const { name, kind, note, mayBlock, spec } = device;
  const isThrottled = page.use((state) => (state.readout?.throttle.policy ?? 'none') !== 'none');
  const swatch = <i className="swatch" style={{ background: hueOf(row) }} />;
  return (
    <h3>
      {spec ? (
        <button
          type="button"
          aria-label={`${name}: load`}
          aria-expanded={open}
          title="Change its load"
          onClick={toggle}
        >
          <span aria-hidden="true">{open ? '▾' : '▸'}</span>
          {swatch}
          {name}
        </button>
      ) : (
        <>
          {swatch}
          {kind} {name}
        </>
      )}
      {spec && <small title={note || kind}>{note || kind}</small>}
      {allocates(device) && (
        <em className="never" title={ALLOCATES}>
          dma_alloc
        </em>
      )}
      {spec && !allocates(device) && (
        <em className={mayBlock ? 'may' : 'never'} title={blockTitle(device, isThrottled)}>
          {mayBlock ? 'may block' : 'can’t block'}
        </em>
      )}
    </h3>
  );
}

/** Whether its driver maps nothing, and gets memory by `dma_alloc_*` instead. */
/** What is refused to a display is an import: it does no I/O. */
function errorsName(kind: string): string {
  return kind === 'vc4' ? 'no import' : 'I/O errors';
}

function allocates({ kind }: DeviceSummary): boolean {
  return kind === 'gpu';
}

function MapFacts({
  spec,
  readout,
}: Pick<DeviceSummary, 'spec'> & { readonly readout: DeviceReadout }) {
  return (
    <>
      <SizeMix sizes={readout.sizes} />
      {spec ? <Facts readout={readout} kind={spec.kind} /> : <RecordedFacts readout={readout} />}
    </>
  );
}

/** One device: who it is, what it holds, how it fares, and the load it is under. */
export function DeviceLane({ device, row }: LaneProps) {
  const readout = page.use((state) => state.readout?.devices[row]);
  const [open, setOpen] = useState(false);
  const { name, spec } = device;
  return (
    <article className="lane" aria-label={name} data-testid={`lane-${name}`}>
      <Head device={device} row={row} open={open} toggle={() => setOpen(!open)} />
      {open && spec && <DeviceControls spec={spec} row={row} />}
      <div className="lane-flight">
        <Sparkline row={row} />
        <p>
          <b data-testid="slots">{count(readout?.slots ?? 0)}</b> <small>slots</small>
        </p>
      </div>
      {readout &&
        (allocates(device) ? (
          <AllocFacts readout={readout} />
        ) : (
          <MapFacts {...{ spec, readout }} />
        ))}
    </article>
  );
}
