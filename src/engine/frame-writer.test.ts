import { expect, test } from 'vitest';
import { deviceWith, networkWith, scenarioWith } from '../testing/run-builder.ts';
import { writeFrame, type FrameLabel } from './frame-writer.ts';
import {
  AREA,
  COLOUR_MODES,
  DEVICE,
  FIXED_SERIES,
  FrameView,
  HEADER,
  OWNER_DEVICE_MASK,
  OWNER_FIRST,
  POOL,
  SERIES,
  type ColourMode,
} from './frame.ts';
import { ageShade } from './shade.ts';
import { createSimulation } from './create-simulation.ts';
import type { Simulation } from './simulation.ts';

const MS = 1e6;

function running(): Simulation {
  const simulation = createSimulation(
    scenarioWith([deviceWith({ sizes: [{ bytes: 20_000, weight: 1 }] }), networkWith()]),
  );
  simulation.runUntil(15 * MS, Infinity);
  return simulation;
}

function frameOf(simulation: Simulation, colourMode: ColourMode = 'device'): FrameView {
  const label: FrameLabel = { sequence: 3, serial: 2, runState: 'playing', colourMode };
  return FrameView.read(writeFrame(simulation, label, null));
}

test('the header holds the clock, the counters and what the label says', () => {
  const simulation = running();
  const frame = frameOf(simulation, 'age');
  const { ledger, swiotlb } = simulation;
  const head = (name: keyof typeof HEADER) => frame.head(HEADER[name]);
  expect([head('sequence'), head('serial'), head('runState')]).toEqual([3, 2, 1]);
  expect(COLOUR_MODES[head('colourMode')]).toBe('age');
  expect(head('timeNs')).toBe(15 * MS);
  expect(head('endNs')).toBe(200 * MS);
  expect(head('event')).toBe(simulation.event);
  expect(head('used')).toBe(swiotlb.mem.used);
  expect(head('hiwater')).toBe(swiotlb.mem.hiwater);
  expect(head('nslabs')).toBe(512);
  expect(head('maps')).toBe(ledger.maps);
  expect(head('unmaps')).toBe(ledger.unmaps);
  expect(head('copiedBytes')).toBe(ledger.copiedBytes);
  expect(head('probes')).toBe(ledger.probes);
  expect(head('cpus')).toBe(2);
});

test('pools, areas, owners and devices add up to the use in the header', () => {
  const frame = frameOf(running());
  const used = frame.head(HEADER.used);
  expect(used).toBeGreaterThan(50);
  expect(frame.pool(0, POOL.used)).toBe(used);
  expect(frame.area(0, AREA.used) + frame.area(1, AREA.used)).toBe(used);
  expect(frame.device(0, DEVICE.slots) + frame.device(1, DEVICE.slots)).toBe(used);
  expect(frame.owner.filter((byte) => byte !== 0)).toHaveLength(used);
  const second = frame.owner.filter((byte) => (byte & OWNER_DEVICE_MASK) === 2);
  expect(second).toHaveLength(frame.device(1, DEVICE.slots));
});

test('the longest free run is the longest anywhere, by owner byte and segment', () => {
  const frame = frameOf(running());
  let longest = 0;
  let run = 0;
  frame.owner.forEach((byte, slot) => {
    run = byte === 0 ? (slot % 128 === 0 ? 1 : run + 1) : 0;
    longest = Math.max(longest, run);
  });
  expect(frame.head(HEADER.longestFreeRun)).toBe(longest);
  const areas = [0, 1].map((area) => frame.area(area, AREA.longestFreeRun));
  expect(Math.max(...areas)).toBe(longest);
});

test('a held lock shows its holder at that moment', () => {
  const simulation = createSimulation(scenarioWith([deviceWith()]));
  while (simulation.ledger.maps === 0) simulation.step();
  const frame = frameOf(simulation);
  const holders = [0, 1].map((area) => frame.area(area, AREA.holder));
  const areaOfMap = frame.area(0, AREA.used) > 0 ? 0 : 1;
  expect(holders[areaOfMap]).toBe(areaOfMap);
  expect(holders[1 - areaOfMap]).toBe(-1);
});

test('the history ends with the present', () => {
  const simulation = running();
  const frame = frameOf(simulation);
  const last = frame.head(HEADER.bucketsFilled) - 1;
  expect(last).toBe(Math.floor((15 * MS) / frame.head(HEADER.bucketNs)));
  expect(frame.series(SERIES.capacity)[last]).toBe(512);
  expect(frame.series(FIXED_SERIES)[last]).toBe(frame.device(0, DEVICE.slots));
  expect(frame.series(FIXED_SERIES + 1)[last]).toBe(frame.device(1, DEVICE.slots));
});

test('a buffer that is large enough is used again, one that is not is replaced', () => {
  const simulation = running();
  const label: FrameLabel = { sequence: 0, serial: 1, runState: 'paused', colourMode: 'age' };
  const first = writeFrame(simulation, label, null);
  expect(writeFrame(simulation, label, first)).toBe(first);
  const small = new ArrayBuffer(100);
  expect(writeFrame(simulation, label, small)).not.toBe(small);
});

test('modes without shades send none; the others send a byte for each slot', () => {
  const simulation = running();
  expect(frameOf(simulation, 'area').shade).toHaveLength(0);
  for (const mode of ['age', 'direction', 'free-run', 'request'] as const) {
    const frame = frameOf(simulation, mode);
    expect(frame.shade).toHaveLength(512);
    if (mode === 'free-run') continue;
    frame.shade.forEach((shade, slot) => expect(shade > 0).toBe(frame.owner[slot] !== 0));
  }
});

test('free runs are shaded with `list`, slot by slot', () => {
  const simulation = running();
  const { shade } = frameOf(simulation, 'free-run');
  const table = simulation.swiotlb.mem.head?.table;
  shade.forEach((run, slot) => expect(run).toBe(table?.list(slot)));
});

test('directions and requests are shaded by mapping', () => {
  const simulation = running();
  const pool = simulation.swiotlb.mem.head;
  if (!pool) throw new RangeError('no pool');
  const { rows } = simulation.ledger;
  const direction = frameOf(simulation, 'direction');
  const request = frameOf(simulation, 'request');
  direction.owner.forEach((byte, slot) => {
    if (byte === 0) return;
    const row = simulation.ledger.rowOf(pool, slot);
    expect(direction.shade[slot]).toBe(rows.direction(row) + 1);
    expect(request.shade[slot]).toBe(1 + (rows.serial(row) % 6));
  });
});

test('a mapping grows older while it is held', () => {
  const simulation = running();
  const before = frameOf(simulation, 'age');
  const ring = before.owner.findIndex(
    (byte) => (byte & OWNER_FIRST) !== 0 && (byte & OWNER_DEVICE_MASK) === 2,
  );
  const young = before.shade[ring] ?? 0;
  expect(young).toBeGreaterThan(1);
  expect(ageShade(500)).toBe(1);
  expect(ageShade(1000)).toBe(1);
  expect(ageShade(1e6)).toBe(1 + Math.round((254 * 3) / 7));
  expect(ageShade(1e10)).toBe(255);
  expect(ageShade(1e13)).toBe(255);
});
