import { expect, test } from 'vitest';
import { hearStudy } from './study-host.ts';
import type { StudyReport } from './study-protocol.ts';

function told(message: unknown): readonly StudyReport[] {
  const reports: StudyReport[] = [];
  // What goes through a port is a copy.
  const port = { postMessage: (report: unknown) => reports.push(structuredClone(report) as never) };
  hearStudy(port, message, { runMs: 4 });
  return reports;
}

test('a study tells each run before it, each row after it, and its effects at the end', () => {
  const reports = told({ kind: 'study', id: 'tesarik-2023' });
  const kinds = reports.map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'progress')).toHaveLength(150);
  expect(kinds.filter((kind) => kind === 'row')).toHaveLength(10);
  expect(kinds.at(-1)).toBe('done');
  // The first row is there before the first run of the next load.
  const at = kinds.indexOf('row');
  expect(kinds.slice(0, at)).toEqual(Array(15).fill('progress'));
  expect(reports[at]).toMatchObject({ row: { machine: 'vm', load: 'small' } });
  expect(reports[at + 1]).toMatchObject({ progress: { done: 15, total: 150, load: 'big' } });
  expect(reports.at(-1)).toMatchObject({ effects: { length: 9 } });
});

test('whatever is no study is refused in one sentence, and nothing runs', () => {
  const refusals = [7, null, {}, { kind: 'load' }, { kind: 'study' }, { kind: 'study', id: 'x' }];
  for (const bad of refusals) {
    const reports = told(bad);
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatchObject({
      kind: 'refused',
      sentence: expect.stringMatching(/^.{5,}$/),
    });
  }
});
