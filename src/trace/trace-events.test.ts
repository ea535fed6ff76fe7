import { describe, expect, it } from 'vitest';
import { createSimulation } from '../engine/create-simulation.ts';
import { guestPages } from '../engine/guest-memory.ts';
import { RecordedStretch } from '../engine/recorded-stretch.ts';
import { RECORD } from '../engine/run-records.ts';
import { SCENARIOS } from '../scenarios/index.ts';
import { traceFaults } from '../testing/trace-event-check.ts';
import { eventsCsv, EVENT_COLUMNS } from './events-csv.ts';
import { traceEvents, traceJson, TRACKS, type TraceFacts } from './trace-events.ts';

const MS = 1e6;

function stretchOf(id: string, fromNs: number, toNs: number) {
  const scenario = SCENARIOS.find((one) => one.id === id);
  if (scenario === undefined) throw new Error(`no scenario ${id}`);
  const run = createSimulation(scenario);
  run.runUntil(toNs, 80_000);
  const { journal, timeNs, event } = run;
  const wish = { fromNs, toNs, isTrace: true };
  const stretch = new RecordedStretch({ scenario, journal, timeNs, event }, wish, guestPages);
  while (!stretch.advance(4096));
  const facts: TraceFacts = {
    scenario: scenario.title,
    seed: scenario.seed,
    cpus: scenario.machine.cpus,
    devices: scenario.devices.map(({ name }) => name),
    fromNs,
    toNs: stretch.untilNs,
    isCut: stretch.isCut,
  };
  return { run, stretch, facts };
}

function textOf(id: string, fromNs: number, toNs: number): string {
  const { stretch, facts } = stretchOf(id, fromNs, toNs);
  return [...traceJson(stretch.records, facts)].join('');
}

function faults(...entries: object[]) {
  return traceFaults(JSON.stringify({ traceEvents: entries }));
}

describe('a trace for Perfetto', () => {
  for (const { id } of SCENARIOS) {
    it(`of ${id} keeps the rules of the format`, () => {
      expect(traceFaults(textOf(id, 1 * MS, 5 * MS))).toEqual([]);
    });
  }

  it('comes out the same, byte for byte', () => {
    expect(textOf('confidential-vm', 0, 3 * MS)).toBe(textOf('confidential-vm', 0, 3 * MS));
  });

  it('has a CPU spin and copy as long as the run was charged for it', () => {
    const { run, stretch, facts } = stretchOf('confidential-vm', 0, 4 * MS);
    const events = traceEvents(stretch.records, facts);
    const sum = (...names: string[]) =>
      events
        .filter(({ name }) => names.includes(name))
        .reduce((all, { dur }) => all + (dur ?? 0), 0);
    const { spent } = run.books;
    expect(sum('map: search', 'unmap: release')).toBe(spent.searchNs);
    expect(sum('spin for area lock')).toBe(spent.spinNs);
    // A copy back is paid before its unmap, which may not have come yet.
    const copied = sum('copy to slots', 'copy back');
    expect(copied).toBeLessThanOrEqual(spent.copyNs);
    expect(copied).toBeGreaterThan(spent.copyNs * 0.95);
  });

  it('has sleepers where requests are throttled', () => {
    const id = SCENARIOS.find(({ throttle }) => (throttle?.policy ?? 'none') !== 'none')?.id ?? '';
    const { run, stretch, facts } = stretchOf(id, 0, 40 * MS);
    const sleeps = traceEvents(stretch.records, facts).filter(({ cat }) => cat === 'sleep');
    expect(sleeps.filter(({ ph }) => ph === 'b')).toHaveLength(run.throttle.slept);
    expect(sleeps.every(({ pid }) => pid === TRACKS.throttle)).toBe(true);
  });

  it('is refused by the check when it is broken', () => {
    const entry = { name: 'x', ph: 'X', pid: 1, tid: 1, ts: 1, dur: 2 };
    expect(faults(entry)).toEqual([]);
    expect(faults({ ...entry, ts: undefined })).toHaveLength(1);
    expect(faults(entry, { ...entry, ts: 2, dur: 5 })).toHaveLength(1);
    expect(faults({ ...entry, ph: 'b', cat: 'c', id: '0x1' })).toHaveLength(1);
    expect(faults({ ...entry, ph: 'e', cat: 'c', id: '0x1' })).toHaveLength(1);
    expect(faults({ ...entry, ph: 'i' })).toHaveLength(1);
    expect(faults(entry, { ...entry, ts: 0.5 })).not.toEqual([]);
  });
});

describe('the table of events', () => {
  it('has a row for each map, unmap and failure, of as many fields as its header', () => {
    const { run, stretch, facts } = stretchOf('confidential-vm', 0, 3 * MS);
    const text = [...eventsCsv(stretch.records, facts.devices)].join('');
    const [head = '', ...lines] = text.trimEnd().split('\r\n');
    expect(head).toBe(EVENT_COLUMNS.join(','));
    const fields = lines.map((line) => line.split(','));
    expect(fields.every(({ length }) => length === EVENT_COLUMNS.length)).toBe(true);
    const kinds = fields.map((line) => line[2]);
    expect(kinds.filter((kind) => kind === 'map')).toHaveLength(run.ledger.maps);
    expect(kinds.filter((kind) => kind === 'unmap')).toHaveLength(run.ledger.unmaps);
    expect(kinds).not.toContain('search');
    const slots = fields
      .filter(([, , kind]) => kind === 'map')
      .reduce((sum, line) => sum + Number(line[7]), 0);
    const given = fields
      .filter(([, , kind]) => kind === 'unmap')
      .reduce((sum, line) => sum + Number(line[7]), 0);
    expect(slots - given).toBe(run.ledger.used);
    const times = fields.map(([time]) => Number(time));
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(stretch.records.field(0, RECORD.timeNs)).toBeLessThanOrEqual(times[0] ?? 0);
  });
});
