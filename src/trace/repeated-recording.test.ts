import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { writeFrame } from '../engine/frame-writer.ts';
import { RepeatedRun } from '../engine/repeated-run.ts';
import type { Run } from '../engine/run.ts';
import { stateHash } from '../engine/state-hash.ts';
import { readRecording } from './recording-check.ts';
import { RecordingRun } from './recording-run.ts';

const FOLDER = path.join(import.meta.dirname, 'fixtures', 'recordings');
/** Plain, growing, throttled, and one where kernel and model part. */
const NAMES = [
  'areas2-4cpu.jsonl.gz',
  'dyn-tiny512-1cpu.jsonl.gz',
  'thr-snail-cheetah-4cpu.jsonl.gz',
  'tiny512-4cpu-nolock.jsonl.gz',
];
const LABEL = { sequence: 0, serial: 0, runState: 'paused', colourMode: 'device' } as const;

async function opener(name: string): Promise<() => RecordingRun> {
  const recording = await readRecording(new Uint8Array(readFileSync(path.join(FOLDER, name))));
  return () => new RecordingRun(recording, name);
}

function seen(run: Run): string {
  const frame = Buffer.from(writeFrame(run, LABEL, null)).toString('base64');
  return JSON.stringify([frame, stateHash(run), run.event, run.timeNs, run.log.since(0)]);
}

/** Played in one go, differences passed. */
function playedTo(run: RecordingRun, event: number): RecordingRun {
  while (run.event < event) {
    run.stepPast();
    if (!run.step()) break;
  }
  return run;
}

test.each(NAMES)('%s is gone through in both directions', async (name) => {
  const open = await opener(name);
  const repeated = new RepeatedRun(open);
  while (repeated.stepForward());
  const last = repeated.run.event;
  for (const share of [0.7, 0.2, 0.9, 0]) {
    const event = Math.floor(last * share);
    repeated.seekEvent(event);
    expect(seen(repeated.run) === seen(playedTo(open(), event))).toBe(true);
  }
  repeated.seekEvent(Math.floor(last / 2));
  const here = seen(repeated.run);
  expect(repeated.stepForward()).toBe(true);
  expect(seen(repeated.run) === here).toBe(false);
  expect(repeated.stepBack()).toBe(true);
  expect(seen(repeated.run) === here).toBe(true);
  expect(repeated.isAtEnd).toBe(false);
});

test('a moment between two events is gone to in slices, and left by a step back to the event', async () => {
  const open = await opener('areas2-4cpu.jsonl.gz');
  const repeated = new RepeatedRun(open);
  repeated.seekEvent(40);
  const eventNs = repeated.run.timeNs;
  while (repeated.run.nextTimeNs() <= repeated.run.timeNs + 2) repeated.stepForward();
  const between = repeated.run.timeNs + 1;
  const { event } = repeated.run;
  repeated.seekEvent(1);
  while (!repeated.towards({ kind: 'time', timeNs: between }, 7));
  expect([repeated.run.event, repeated.run.timeNs]).toEqual([event, between]);
  expect(repeated.stepBack()).toBe(true);
  expect([repeated.run.event, repeated.run.timeNs]).toEqual([event, between - 1]);
  expect(eventNs).toBeLessThan(between);
  while (!repeated.towards({ kind: 'end' }, 50));
  expect(repeated.isAtEnd).toBe(true);
});
