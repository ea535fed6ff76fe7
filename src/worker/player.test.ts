import { expect, test } from 'vitest';
import type { Run } from '../engine/run.ts';
import { createSimulation } from '../engine/create-simulation.ts';
import { bytesOfLines, headerLine, mapLine } from '../testing/recording-text.ts';
import { deviceWith, scenarioWith } from '../testing/run-builder.ts';
import { readRecording } from '../trace/recording-check.ts';
import { RecordingRun } from '../trace/recording-run.ts';
import { Player } from './player.ts';
import type { Speed } from './protocol.ts';

const MS = 1e6;

/** The map of a slot, at a time in seconds. */
const map = (slot: number, seconds: number) =>
  mapLine(2 * slot + 1, slot, [[2 * slot + 2, seconds, 0, slot, slot]], { t: seconds });

/** A recording of four maps: two, three seconds of silence, one, then one 400 ms later. */
async function quietRecording(): Promise<RecordingRun> {
  const lines = [headerLine(), map(0, 1), map(1, 1.01), map(2, 4.01), map(3, 4.41)];
  return new RecordingRun(await readRecording(bytesOfLines(lines)), 'quiet.jsonl');
}

/** What a run shows every 10 wall ms at a speed: its virtual time and its events. */
function watched(run: Run, speed: Speed, wallMs: number) {
  let nowMs = 0;
  const player = new Player(() => nowMs);
  player.setSpeed(speed);
  player.load(run, 0, true);
  const seen: { readonly ms: number; readonly timeMs: number; readonly event: number }[] = [];
  for (; nowMs <= wallMs; nowMs += 10) {
    player.slice(8);
    seen.push({ ms: nowMs, timeMs: run.timeNs / MS, event: run.event });
  }
  const shownAt = (event: number) => seen.find((look) => look.event >= event)?.ms ?? Infinity;
  return { seen, shownAt, player };
}

test('a long silence in a recording is cut to a moment before the next event', async () => {
  const run = await quietRecording();
  const { seen, shownAt, player } = watched(run, { kind: 'time', factor: 1 }, 1000);
  expect(shownAt(2)).toBe(10);
  expect(shownAt(3)).toBeGreaterThanOrEqual(150);
  expect(shownAt(3)).toBeLessThanOrEqual(180);
  const times = seen.map(({ timeMs }) => timeMs);
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  expect(times).toContain(2860);
  expect(run.verdict).toMatchObject({ decisions: 4, differences: 0 });
  expect(player.state).toBe('ended');
});

test('a silence that the viewer hardly notices is kept', async () => {
  const { shownAt } = watched(await quietRecording(), { kind: 'time', factor: 1 }, 1000);
  expect(shownAt(4) - shownAt(3)).toBeGreaterThanOrEqual(390);
  expect(shownAt(4) - shownAt(3)).toBeLessThanOrEqual(410);
});

test('what counts as long is wall time, so that a slower speed skips more', async () => {
  const { shownAt } = watched(await quietRecording(), { kind: 'time', factor: 0.1 }, 1000);
  expect(shownAt(4) - shownAt(3)).toBeGreaterThanOrEqual(150);
  expect(shownAt(4) - shownAt(3)).toBeLessThanOrEqual(180);
});

test('event by event a recording goes at the rate asked for', async () => {
  const { shownAt } = watched(await quietRecording(), { kind: 'events', perSecond: 5 }, 1000);
  expect([1, 2, 3, 4].map(shownAt)).toEqual([200, 400, 600, 800]);
});

test('a simulation rests as long as its load does', () => {
  const late = scenarioWith([deviceWith({ startMs: 100_000, ratePerSecond: 1000 })]);
  const simulation = createSimulation({ ...late, lengthMs: 200_000 });
  const { seen } = watched(simulation, { kind: 'time', factor: 1 }, 1000);
  expect(seen.at(-1)).toEqual({ ms: 1000, timeMs: 1000, event: 0 });
});
