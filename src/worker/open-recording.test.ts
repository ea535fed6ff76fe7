import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openRecording } from './open-recording.ts';

const FOLDER = path.join(import.meta.dirname, '..', 'trace', 'fixtures', 'recordings');

const silent = (): Promise<void> => Promise.resolve();

function buffer(text: string): ArrayBuffer {
  return new TextEncoder().encode(text).buffer;
}

test('a packed recording opens, tells its progress, and plays without a difference', async () => {
  const file = readFileSync(path.join(FOLDER, 'tiny512-4cpu.jsonl.gz'));
  const told: [number, number][] = [];
  const opened = await openRecording('tiny', new Uint8Array(file).buffer, (done, total) => {
    told.push([done, total]);
    return Promise.resolve();
  });
  if (opened.kind !== 'ok') throw new RangeError(opened.sentence);
  expect(told.at(-1)).toEqual([file.byteLength, file.byteLength]);
  const run = opened.open();
  run.runUntil(Infinity, Infinity);
  expect(run.verdict).toMatchObject({ decisions: 1812, differences: 0, difference: null });
  expect(opened.open().timeNs).toBe(0);
});

test('whatever is no recording gets one sentence', async () => {
  const bad = [
    '',
    'not json',
    '{"format":"swiotlb-trace","version":2}',
    '[]',
    '{"__proto__":1}\n{}',
  ];
  for (const text of bad) {
    const opened = await openRecording('bad', buffer(text), silent);
    expect(opened).toMatchObject({ kind: 'bad', sentence: expect.stringMatching(/^[A-Z].*\.$/) });
  }
  const bytes = new Uint8Array(5000).map((_, at) => (at * 7919) % 251).buffer;
  expect((await openRecording('bad', bytes, silent)).kind).toBe('bad');
});

test('reading ends when the listener throws', async () => {
  const file = readFileSync(path.join(FOLDER, 'nvme-1cpu.jsonl.gz'));

  const opening = openRecording('x', new Uint8Array(file).buffer, () =>
    Promise.reject(new RangeError('enough')),
  );
  await expect(opening).rejects.toThrow('enough');
});
