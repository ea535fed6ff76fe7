import { describe, expect, it } from 'vitest';
import { createSimulation } from './create-simulation.ts';
import { guestPages } from './guest-memory.ts';
import { RecordedStretch } from './recorded-stretch.ts';
import type { RunStory } from './rerun.ts';
import { RECORD, type RecordKind } from './run-records.ts';
import type { Simulation } from './simulation.ts';
import { SCENARIOS } from '../scenarios/index.ts';

const MS = 1e6;

function scenarioOf(id: string) {
  const found = SCENARIOS.find((scenario) => scenario.id === id);
  if (found === undefined) throw new Error(`no scenario ${id}`);
  return found;
}

function storyOf({ scenario, journal, timeNs, event }: Simulation): RunStory {
  return { scenario, journal, timeNs, event };
}

function record(story: RunStory, fromNs: number, toNs: number, most?: number) {
  const stretch = new RecordedStretch(story, { fromNs, toNs, isTrace: true }, guestPages, most);
  while (!stretch.advance(1000));
  return stretch;
}

function rows({ records }: RecordedStretch, kind: RecordKind): number[] {
  return Array.from({ length: records.count }, (_, row) => row).filter(
    (row) => records.kind(row) === kind,
  );
}

describe('a stretch of a run, noted', () => {
  for (const { id } of SCENARIOS) {
    it(`has every map, failure and unmap of ${id} that the counters have`, () => {
      const run = createSimulation(scenarioOf(id));
      run.runUntil(6 * MS, 60_000);
      const { ledger, own } = run;
      const stretch = record(storyOf(run), 0, Infinity);
      const { records } = stretch;
      const isData = (row: number) => records.field(row, RECORD.direction) !== 3;
      expect(stretch.isCut).toBe(false);
      expect(stretch.untilNs).toBe(run.timeNs);
      expect(rows(stretch, 'fail').filter(isData)).toHaveLength(ledger.failedMaps);
      expect(rows(stretch, 'grow').length + rows(stretch, 'transient').length).toBe(
        run.growth.count,
      );
      // Buffers with pages of their own take no slots, and are no rows.
      if (own !== null) return;
      expect(rows(stretch, 'map').filter(isData)).toHaveLength(ledger.maps);
      expect(rows(stretch, 'unmap').filter(isData)).toHaveLength(ledger.unmaps);
      const last = rows(stretch, 'unmap')
        .concat(rows(stretch, 'map'))
        .toSorted((a, b) => a - b);
      const lastRow = last.at(-1);
      const lastUsed = lastRow === undefined ? 0 : records.field(lastRow, RECORD.used);
      expect(lastUsed).toBe(ledger.used);
    });
  }

  it('has what the changes made of the run, and only what lies in the stretch', () => {
    const run = createSimulation(scenarioOf('confidential-vm'));
    run.runUntil(5 * MS, Infinity);
    run.apply({ kind: 'device', device: 0, control: 'ratePerSecond', value: 1 });
    run.runUntil(20 * MS, Infinity);
    const whole = record(storyOf(run), 0, Infinity);
    const part = record(storyOf(run), 6 * MS, 12 * MS);
    expect(rows(whole, 'map')).toHaveLength(run.ledger.maps);
    const inside = rows(whole, 'map')
      .map((row) => whole.records.field(row, RECORD.timeNs))
      .filter((timeNs) => timeNs >= 6 * MS && timeNs <= 12 * MS);
    expect(rows(part, 'map').map((row) => part.records.field(row, RECORD.timeNs))).toEqual(inside);
    expect(inside.length).toBeGreaterThan(20);
  });

  it('ends where there is too much, and says so', () => {
    const run = createSimulation(scenarioOf('confidential-vm'));
    run.runUntil(4 * MS, Infinity);
    const stretch = record(storyOf(run), 0, Infinity, 500);
    expect(stretch.isCut).toBe(true);
    expect(stretch.untilNs).toBeLessThan(run.timeNs);
    expect(stretch.records.count).toBeGreaterThanOrEqual(500);
  });
});
