import { expect, test } from 'vitest';
import { createSimulation } from '../engine/create-simulation.ts';
import { guestPages } from '../engine/guest-memory.ts';
import { recordFault } from '../engine/record-check.ts';
import { checkScenario } from '../engine/scenario-check.ts';
import { traceFaults } from '../testing/trace-event-check.ts';
import { deviceWith, networkWith, scenarioWith } from '../testing/run-builder.ts';
import { hearExport } from './export-host.ts';
import type { ExportCommand, ExportReport } from './export-protocol.ts';

const MS = 1e6;

function told(message: unknown, most?: number): readonly ExportReport[] {
  const reports: ExportReport[] = [];
  // What goes through a port is a copy.
  const port = { postMessage: (report: unknown) => reports.push(structuredClone(report) as never) };
  hearExport(port, message, { makePages: guestPages, checkScenario, recordFault }, most);
  return reports;
}

function asked(changes: Partial<ExportCommand> = {}): ExportCommand {
  const run = createSimulation(scenarioWith([deviceWith(), networkWith()]));
  run.runUntil(2 * MS, Infinity);
  run.apply({ kind: 'device', device: 0, control: 'depth', value: 2 });
  run.runUntil(4 * MS, Infinity);
  const { scenario, journal, timeNs, event } = run;
  const story = { scenario, journal, timeNs, event };
  return { kind: 'export', story, format: 'trace-json', fromNs: 0, toNs: 4 * MS, ...changes };
}

function textOf(reports: readonly ExportReport[]): string {
  const decoder = new TextDecoder();
  return reports
    .map((report) => (report.kind === 'piece' ? decoder.decode(report.bytes) : ''))
    .join('');
}

test('a trace comes in pieces that make one file, behind its progress', () => {
  const reports = told(asked());
  expect(reports[0]).toEqual({ kind: 'progress', progress: 0 });
  expect(reports.at(-1)).toEqual({ kind: 'done', cutNs: null });
  expect(traceFaults(textOf(reports))).toEqual([]);
});

test('a table of events comes the same each time', () => {
  const text = textOf(told(asked({ format: 'events-csv' })));
  expect(text.split('\r\n').length).toBeGreaterThan(100);
  expect(textOf(told(asked({ format: 'events-csv' })))).toBe(text);
});

test('what is too much is cut, and the moment is told', () => {
  const last = told(asked({ format: 'events-csv' }), 100).at(-1);
  expect(last).toMatchObject({ kind: 'done', cutNs: expect.any(Number) });
});

test('whatever is no export is refused in one sentence, and nothing runs', () => {
  const good = asked();
  const { story } = good;
  const entry = { event: 1, timeNs: 1, change: { kind: 'write', file: 'x', text: '1' } };
  const bad: unknown[] = [
    7,
    null,
    {},
    { ...good, kind: 'load' },
    { ...good, format: 'pdf' },
    { ...good, fromNs: -1 },
    { ...good, toNs: 'x' },
    { ...good, fromNs: 5, toNs: 4 },
    { ...good, story: null },
    { ...good, story: { ...story, scenario: {} } },
    { ...good, story: { ...story, timeNs: 0.5 } },
    { ...good, story: { ...story, event: undefined } },
    { ...good, story: { ...story, journal: {} } },
    { ...good, story: { ...story, journal: [entry, { ...entry, timeNs: 0 }] } },
    { ...good, story: { ...story, journal: [{ event: 1, timeNs: 1, change: { kind: 'load' } }] } },
    { ...good, story: { ...story, journal: [{ event: 1, timeNs: 1, change: null }] } },
  ];
  for (const message of bad) {
    const reports = told(message);
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatchObject({
      kind: 'refused',
      sentence: expect.stringMatching(/^Nothing was exported: .{5,}\.$/),
    });
  }
});
