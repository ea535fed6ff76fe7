import { expect, test } from 'vitest';
import { FrameView } from '../engine/frame.ts';
import { writeFrame } from '../engine/frame-writer.ts';
import { createSimulation } from '../engine/create-simulation.ts';
import { restrictedPool } from '../scenarios/growing/restricted-pool.ts';
import { burstBeforeTheWorker } from '../scenarios/growing/burst-before-the-worker.ts';
import { readoutOf } from '../store/readout.ts';
import { opening } from './narrator-opening.ts';
import { narrate } from './narrator.ts';

function sentenceAt(untilMs: number) {
  const simulation = createSimulation(restrictedPool);
  simulation.runUntil(untilMs * 1e6, Infinity);
  const label = { sequence: 1, serial: 1, runState: 'playing', colourMode: 'device' } as const;
  const readout = readoutOf(FrameView.read(writeFrame(simulation, label, null)));
  const { machine } = simulation;
  return narrate({ readout, machine, scenario: restrictedPool, replay: null, difference: null });
}

test('a machine with a confined device begins with it', () => {
  expect(sentenceAt(38).text).toMatch(/^sda may touch one small region and no other memory/);
});

test('what is turned away is told with its region, and with what stands free beside it', () => {
  const { text, stress } = sentenceAt(100);
  expect(text).toBe(
    'sda may use its own region only, and that is too small for it: sda reports errors, while all of the default pool is free.',
  );
  expect(stress).toBe('sda');
});

test('a machine without regions is told otherwise', () => {
  expect(opening(createSimulation(burstBeforeTheWorker).machine).text).not.toContain('region');
});
