import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytesOfLines } from '../testing/recording-text.ts';
import { readEndTable } from './end-table.ts';
import type { FileReport } from './file-report.ts';
import { readRecording } from './recording-check.ts';
import { replayRecording } from './recording-report.ts';

type Json = Record<string, unknown>;

const fixture = (name: string) =>
  readFileSync(new URL(`./fixtures/recordings/thr-deadlock-4cpu.${name}`, import.meta.url));

/** Replays the recording that ends with sleepers, altered. */
async function altered(change: (lines: Json[]) => void): Promise<FileReport> {
  const text = gunzipSync(fixture('jsonl.gz')).toString();
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Json);
  change(lines);
  const table = await readEndTable(fixture('slots-end.json'));
  return replayRecording(await readRecording(bytesOfLines(lines)), table);
}

describe('a difference at the end fails the file', () => {
  it.each([
    [
      'countEnd.high',
      { countEnd: { high: 4, low: 0 } },
      'high_throttle_count at the end: expected 4, got 3',
    ],
    [
      'countEnd.low',
      { countEnd: { high: 3, low: 1 } },
      'low_throttle_count at the end: expected 1, got 0',
    ],
    ['highEnd', { highEnd: 716 }, 'high_throttle at the end: expected 716, got 1000000'],
    ['lowEnd', { lowEnd: 665 }, 'low_throttle at the end: expected 665, got 1000000'],
  ])('%s of the header', async (_, changes, sentence) => {
    const { failures } = await altered(([header]) =>
      Object.assign(header?.['throttle'] as Json, changes),
    );
    expect(failures[0]).toBe(sentence);
  });

  it('a task that sleeps in the recording and not in the model', async () => {
    const { failures } = await altered(([header]) =>
      Object.assign(header?.['throttle'] as Json, { semCount: 2 }),
    );
    expect(failures).toContain(
      'asleep in the throttle at the end: expected task 191, 208, got task 208',
    );
  });

  const tables: [field: string, change: (table: Json) => void, sentence: string][] = [
    [
      'high_throttle',
      (table) => (table['high_throttle'] = 7),
      'high_throttle: expected 7, got 1000000',
    ],
    [
      'low_throttle',
      (table) => (table['low_throttle'] = 7),
      'low_throttle: expected 7, got 1000000',
    ],
    ['sem_count', (table) => (table['sem_count'] = 1), 'sem_count: expected 1, got 0'],
    ['sem_waiters', (table) => (table['sem_waiters'] = 0), 'waiters: expected none, got some'],
    [
      'high count',
      (table) => (table['high_throttle_count'] = 9),
      'high_throttle_count: expected 9, got 3',
    ],
    [
      'low count',
      (table) => (table['low_throttle_count'] = 9),
      'low_throttle_count: expected 9, got 0',
    ],
    [
      'mark of a throttled mapping',
      (table) => {
        const [pool] = table['pools'] as { slots: number[][] }[];
        const marked = pool?.slots.find((row) => row[5] === 1);
        if (marked !== undefined) marked[5] = 0;
      },
      '1 marks of throttled mappings differ, slot 290: expected 0, got 1',
    ],
  ];
  it.each(tables)('%s of the end table', async (_, change, sentence) => {
    const table = JSON.parse(fixture('slots-end.json').toString()) as Json;
    change(table);
    const bytes = new TextEncoder().encode(JSON.stringify(table));
    const recording = await readRecording(new Uint8Array(fixture('jsonl.gz')));
    const { failures } = replayRecording(recording, await readEndTable(bytes));
    expect(failures[0]).toBe(`end table: ${sentence}`);
  });
});
