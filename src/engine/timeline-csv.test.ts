import { expect, test } from 'vitest';
import { createSimulation } from './create-simulation.ts';
import { FrameView, HEADER } from './frame.ts';
import { writeFrame } from './frame-writer.ts';
import { timelineCsv } from './timeline-csv.ts';
import { deviceWith, scenarioWith } from '../testing/run-builder.ts';

const MS = 1e6;

function frameAt(timeNs: number) {
  const run = createSimulation(scenarioWith([deviceWith({ name: '=nvme,0' })]));
  run.runUntil(timeNs, Infinity);
  const label = { sequence: 1, serial: 1, runState: 'paused', colourMode: 'device' } as const;
  run.history.showOpen();
  return { run, frame: FrameView.read(writeFrame(run, label, null)) };
}

function table(text: string): { head: string[]; rows: number[][] } {
  const [head = '', ...lines] = text.trimEnd().split('\r\n');
  return { head: head.split(','), rows: lines.map((line) => line.split(',').map(Number)) };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

test('every bucket is a row, and the rows are the counters', () => {
  const { run, frame } = frameAt(8 * MS);
  const { head, rows } = table(timelineCsv(frame, ['nvme0'], { fromNs: 0, toNs: Infinity }));
  expect(rows).toHaveLength(frame.head(HEADER.bucketsFilled));
  expect(rows.every((row) => row.length === head.length)).toBe(true);
  const column = (name: string) => rows.map((row) => row[head.indexOf(name)] ?? NaN);
  expect(Math.max(...column('used_max_slots'))).toBe(run.ledger.peak);
  expect(sum(column('failed_maps'))).toBe(run.ledger.failedMaps);
  expect(column('io_tlb_nslabs_slots').at(-1)).toBe(run.ledger.capacity);
  expect(column('io_tlb_used_hiwater_slots').at(-1)).toBe(run.ledger.hiwater);
  expect(column('to_ns').at(-1)).toBe(run.timeNs);
});

test('of a stretch there are the buckets that it touches', () => {
  const { frame } = frameAt(8 * MS);
  const { rows } = table(timelineCsv(frame, ['nvme0'], { fromNs: 2 * MS, toNs: 3 * MS }));
  expect(rows[0]?.[1]).toBeGreaterThanOrEqual(2 * MS);
  expect(rows.at(-1)?.[0]).toBeLessThanOrEqual(3 * MS);
  expect(rows.length).toBeGreaterThan(40);
});

test('a device named like a formula is text', () => {
  const { frame } = frameAt(1 * MS);
  const text = timelineCsv(frame, ['=nvme,0'], { fromNs: 0, toNs: Infinity });
  expect(text).toContain(`"'=nvme,0_at_end_slots"`);
});
