import type { ReactNode } from 'react';
import { SEGMENT_SLOTS } from '../model/geometry.ts';
import type { DeviceSummary, MappingStory, SlotStory } from '../store/reports.ts';
import { page } from '../store/the-page.ts';
import { hueOf } from './hue.ts';
import { DIRECTIONS, isAllocated } from './slot-words.ts';
import { whyHere } from './why-here.ts';
import { bytes, duration, hex, plural, slotBytes } from './words.ts';

interface RowProps {
  readonly name: string;
  readonly title?: string;
  readonly children: ReactNode;
}

function Row({ name, title, children }: RowProps) {
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd data-testid={`inspect-${name.replace(' ', '-')}`}>{children}</dd>
    </div>
  );
}

function MappingRows(props: {
  readonly mapping: MappingStory;
  readonly device: DeviceSummary | undefined;
}) {
  const { mapping, device } = props;
  const timeNs = page.use((state) => state.readout?.timeNs ?? 0);
  const mask = device?.minAlignMask ?? 0;
  const allocated = isAllocated(mapping);
  return (
    <>
      <Row name="run">
        {plural(mapping.nslots, 'slot')} · {slotBytes(mapping.nslots)}{' '}
        <small>
          ({bytes(mapping.size)} asked
          {mapping.padSlots > 0 && `, ${mapping.padSlots} padding`})
        </small>
      </Row>
      <Row name="begins at" title="The bus address its device was given">
        <code>{hex(mapping.tlbAddr)}</code>
      </Row>
      <Row name="original">
        {allocated ? (
          <>
            none <small>it is the device’s own memory: nothing is copied</small>
          </>
        ) : (
          <code>{hex(mapping.origAddr)}</code>
        )}{' '}
        {mask > 0 && !allocated && (
          <small>
            &amp; {hex(mask, 0)} = {hex(mapping.origAddr % (mask + 1), 0)}
          </small>
        )}
      </Row>
      <Row name={allocated ? 'held by' : 'mapped by'}>
        <i className="swatch" style={{ background: hueOf(mapping.device) }} />{' '}
        {device?.name ?? 'unknown'} · CPU {mapping.cpu} · {DIRECTIONS[mapping.direction]}
      </Row>
      <Row name="age">{duration(Math.max(0, timeNs - mapping.mappedNs))}</Row>
    </>
  );
}

/** The kernel's own record of the slot, in its own words. */
function Fields({ story }: { readonly story: SlotStory }) {
  const fields = [
    ['list', String(story.list)],
    ['alloc_size', String(story.allocSize)],
    ['orig_addr', story.origAddr === null ? 'INVALID' : hex(story.origAddr)],
    ['pad_slots', String(story.padSlots)],
  ] as const;
  return (
    <dl className="fields mono" aria-label="struct io_tlb_slot">
      {fields.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd data-testid={`field-${name}`}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The pinned slot, its fields and its buffer, and why it lies there. */
export function SlotStoryRows({ story }: { readonly story: SlotStory }) {
  const { mapping, poolKind, area, at } = story;
  const device = page.use((state) =>
    mapping ? state.machine?.devices[mapping.device] : undefined,
  );
  const pool = page.use((state) => state.readout?.pools.find((entry) => entry.id === at.pool));
  const areaSlots = pool?.areaNslabs ?? 1;
  const row = Math.floor((at.slot % areaSlots) / SEGMENT_SLOTS);
  return (
    <>
      <h3 className="label">This slot</h3>
      <dl className="inspector">
        <Row name="where">
          {poolKind} pool · area {area} · row {row} · +{at.slot % SEGMENT_SLOTS}
        </Row>
        <Row name="bus" title="The slot’s own address">
          <code>{hex(story.bus)}</code>
        </Row>
        {!mapping && (
          <Row name="free">{plural(story.list, 'slot')} from here to the next wall or buffer</Row>
        )}
      </dl>
      <Fields story={story} />
      {mapping && (
        <>
          <h3 className="label">{isAllocated(mapping) ? 'Its memory' : 'Its buffer'}</h3>
          <dl className="inspector">
            <MappingRows mapping={mapping} device={device} />
          </dl>
        </>
      )}
      {mapping && (
        <p className="prose why">
          <b>Why here?</b>{' '}
          {whyHere(mapping, {
            poolKind,
            area,
            nareas: pool?.nareas ?? 1,
            minAlignMask: device?.minAlignMask ?? 0,
          })}{' '}
          <button
            type="button"
            className="quiet"
            onClick={() => page.microscope.showMapping(mapping)}
          >
            Show the search
          </button>
        </p>
      )}
      {!mapping && (
        <p className="prose">
          <button type="button" className="quiet" onClick={() => page.microscope.showLife(at)}>
            Who held it before
          </button>
        </p>
      )}
    </>
  );
}
