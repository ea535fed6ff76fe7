/** The narrator on buffers with pages of their own, from runs of the shipped scenarios. */
import { expect, test } from 'vitest';
import { createSimulation } from '../engine/create-simulation.ts';
import { writeFrame } from '../engine/frame-writer.ts';
import { FrameView } from '../engine/frame.ts';
import { scenarioIn, type GrowthMode } from '../engine/growth-mode.ts';
import { perMappingWithoutNoio } from '../scenarios/growing/per-mapping-without-noio.ts';
import { raspberryPi4k } from '../scenarios/growing/raspberry-pi-and-the-4k-screen.ts';
import { readoutOf } from '../store/readout.ts';
import { narrate } from './narrator.ts';
import { ofDeadlock, ofOwn } from './narrator-own.ts';

const MS = 1_000_000;

test('a standstill is told once it is one, and not before', () => {
  const simulation = createSimulation(perMappingWithoutNoio);
  const { machine } = simulation;
  const told = (untilMs: number) => {
    simulation.runUntil(untilMs * MS, Infinity);
    return ofDeadlock(simulation.own?.report() ?? null, machine)?.text ?? null;
  };
  expect(told(50)).toBeNull();
  expect(told(100)).toBe(
    'vda stands still: 8 tasks wait for memory that only their own writes would free, and nobody is left to wake them.',
  );
});

test('where most maps get pages, that is the story; elsewhere there is none', () => {
  const simulation = createSimulation(perMappingWithoutNoio);
  simulation.runUntil(50 * MS, Infinity);
  const report = simulation.own?.report() ?? null;
  expect(ofOwn(report)?.text).toMatch(/^Most buffers lie outside the pools/);
  expect(ofOwn(report && { ...report, maps: 10, leftToPool: 30 })).toBeNull();
  expect(ofOwn(null)).toBeNull();
});

function piAt500Ms(mode: GrowthMode): string {
  const scenario = scenarioIn(raspberryPi4k, mode);
  const simulation = createSimulation(scenario);
  simulation.runUntil(500 * MS, Infinity);
  const label = { sequence: 1, serial: 1, runState: 'playing', colourMode: 'device' } as const;
  const readout = readoutOf(FrameView.read(writeFrame(simulation, label, null)));
  const { machine, own } = simulation;
  const facts = { readout, machine, scenario, replay: null, difference: null };
  return narrate({ ...facts, own: own?.report() ?? null }).text;
}

test('a display whose pieces fit into no pool is told of, until they get pages of their own', () => {
  expect(piAt500Ms('fixed')).toBe(
    'vc4 is refused every time: its pieces of 512 KiB are longer than a row, so even an empty memory has no place for them.',
  );
  expect(piAt500Ms('per-mapping')).toMatch(/^Most buffers lie outside the pools/);
});
