/** What the scenarios of buffers with pages of their own are there to show, as numbers. */
import { expect, test } from 'vitest';
import { createSimulation } from '../../engine/create-simulation.ts';
import { DEVICE } from '../../engine/frame.ts';
import { scenarioIn, type GrowthMode } from '../../engine/growth-mode.ts';
import { reportOf } from '../../engine/run-report.ts';
import type { Scenario } from '../../engine/scenario.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { perMappingWithoutNoio } from './per-mapping-without-noio.ts';
import { raspberryPi4k } from './raspberry-pi-and-the-4k-screen.ts';
import { figure } from '../../testing/run-builder.ts';

const MS = 1_000_000;
const MIB = 2 ** 20;
const VC4 = 0;
const USB = 2;

function ran(scenario: Scenario, mode: GrowthMode, untilMs: number): Simulation {
  const simulation = createSimulation(scenarioIn(scenario, mode));
  simulation.runUntil(untilMs * MS, Infinity);
  return simulation;
}

test('Raspberry Pi: every import fails, and the pool is nearly empty', () => {
  const simulation = ran(raspberryPi4k, 'fixed', 2000);
  const failed = figure(simulation, VC4, DEVICE.ioErrors);
  expect(failed).toBeGreaterThan(45);
  expect(figure(simulation, VC4, DEVICE.done)).toBe(0);
  expect(figure(simulation, VC4, DEVICE.failedMaps)).toBe(failed);
  // Never more than 16 of 32,768 slots.
  expect(simulation.swiotlb.mem.hiwater).toBeLessThanOrEqual(16);
  expect(simulation.swiotlb.mem.hiwater).toBeGreaterThan(0);
  const said = simulation.log.since(0).map(({ text }) => text);
  const full = said.filter((text) => text.includes('swiotlb buffer is full'));
  expect(full).toHaveLength(10);
  for (const text of full) {
    expect(text).toMatch(
      /^vc4-drm gpu: swiotlb buffer is full \(sz: 524288 bytes\), total 32768 \(slots\), used \d\d? \(slots\)$/,
    );
  }
  expect(simulation.log.suppressed).toBe(failed - 10);
});

test('Raspberry Pi: growing is no help, for no pool of any size takes such a piece', () => {
  const simulation = ran(raspberryPi4k, 'dynamic', 1000);
  expect(figure(simulation, VC4, DEVICE.done)).toBe(0);
  expect(simulation.growth.count).toBe(0);
});

test('Raspberry Pi: pages of their own hold every import, 8 and 34 MiB in pieces of 512 KiB', () => {
  const simulation = ran(raspberryPi4k, 'per-mapping', 2000);
  expect(figure(simulation, VC4, DEVICE.ioErrors)).toBe(0);
  expect(figure(simulation, VC4, DEVICE.done)).toBeGreaterThan(40);
  expect(simulation.ledger.failedMaps).toBe(0);
  expect(simulation.books.peakHeld).toBeGreaterThan((64 + 34) * MIB);
  const display = simulation.own?.report().devices.find(({ device }) => device === VC4);
  expect(display?.live).toBeGreaterThan(16);
  expect(display?.newest.every(({ size }) => size === MIB / 2)).toBe(true);
});

test('Raspberry Pi: the disk that never bounces pays for a look at every sync and unmap', () => {
  const { own, books } = ran(raspberryPi4k, 'per-mapping', 1000);
  expect(own?.vainLooks).toBeGreaterThan(15_000);
  expect(books.spent.lookupNs).toBeGreaterThan((own?.vainLooks ?? 0) * 35);
  const fixed = ran(raspberryPi4k, 'fixed', 1000);
  expect(fixed.books.spent.lookupNs).toBe(0);
  expect(figure(fixed, USB, DEVICE.bounced)).toBe(0);
});

test('without NOIO: it runs, then every task sleeps for a write and none is on its way', () => {
  const running = ran(perMappingWithoutNoio, 'per-mapping', 50);
  expect(reportOf(running).done).toBeGreaterThan(40);
  const stopped = ran(perMappingWithoutNoio, 'per-mapping', 100);
  const done = reportOf(stopped).done;
  expect(done).toBeGreaterThan(reportOf(running).done);
  const wait = stopped.own?.report().wait;
  expect(wait).toMatchObject({ asleep: 8, underWay: 0 });
  expect(wait?.sinceNs).toBeLessThan(75 * MS);
  stopped.runUntil(2000 * MS, Infinity);
  expect(reportOf(stopped).done).toBe(done);
  // The pool, which could have served them, is empty.
  expect(stopped.swiotlb.mem.used).toBeLessThan(100);
});

test('with NOIO the same load goes on for as long as one looks', () => {
  const simulation = ran(perMappingWithoutNoio, 'per-mapping-noio', 300);
  const { done } = reportOf(simulation);
  simulation.runUntil(600 * MS, Infinity);
  expect(reportOf(simulation).done).toBeGreaterThan(done + 250);
  expect(simulation.own?.sleeps).toBe(0);
  expect(simulation.own?.leftToPool).toBeGreaterThan(50);
});

test('without NOIO: pages are converted for each map and back, which a fixed pool never does', () => {
  const { own, pages } = ran(perMappingWithoutNoio, 'per-mapping-noio', 100);
  const ended = (own?.maps ?? 0) - (own?.live.size ?? 0);
  expect(pages?.guest.toPrivate.calls).toBe(ended);
  expect(ended).toBeGreaterThan(500);
  expect(ran(perMappingWithoutNoio, 'fixed', 100).books.spent.convertNs).toBe(0);
});
