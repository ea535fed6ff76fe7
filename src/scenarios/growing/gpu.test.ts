/** What "GPU in a confidential VM" is there to show, as numbers from its runs. */
import { beforeAll, describe, expect, test } from 'vitest';
import { createSimulation } from '../../engine/create-simulation.ts';
import { DEVICE } from '../../engine/frame.ts';
import { scenarioIn, type GrowthMode } from '../../engine/growth-mode.ts';
import { reportOf } from '../../engine/run-report.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { figure } from '../../testing/run-builder.ts';
import { gpuInAConfidentialVm } from './gpu-in-a-confidential-vm.ts';

const MS = 1_000_000;
const GIB = 2 ** 30;
const NVME = 0;
const NETWORK = 1;
const GPU = 2;
/** All that the GPU's driver wants. */
const WANTED = 1_226_309_632;

function booted(mode: GrowthMode): Simulation {
  return createSimulation(scenarioIn(gpuInAConfidentialVm, mode));
}

function ran(mode: GrowthMode, untilMs: number): Simulation {
  const simulation = booted(mode);
  simulation.runUntil(untilMs * MS, Infinity);
  return simulation;
}

const kept = (run: Simulation) => figure(run, GPU, DEVICE.allocatedBytes);

test('it opens with most of the boot pool, 1 GiB by the rule of 6 %, in the hands of the GPU', () => {
  const simulation = ran('dynamic-alloc', gpuInAConfidentialVm.openAtMs);
  const { mem } = simulation.swiotlb;
  expect(mem.nslabs * 2048).toBe(GIB);
  expect(mem.used / mem.nslabs).toBeGreaterThan(0.95);
  expect(kept(simulation) / (mem.used * 2048)).toBeGreaterThan(0.99);
  expect(simulation.ledger.failedMaps).toBe(0);
  expect(simulation.growth.count).toBe(0);
});

describe('from a fixed pool', () => {
  let simulation: Simulation;
  beforeAll(() => {
    simulation = ran('fixed-alloc', 200);
  });

  test('the GPU never gets what it wants, and nobody else gets anything either, for ever', () => {
    let refused = 0;
    let failed = 0;
    let dropped = 0;
    const doneBefore = figure(simulation, NVME, DEVICE.done);
    for (const ms of [250, 400, 700, 1000]) {
      simulation.runUntil(ms * MS, Infinity);
      const { mem } = simulation.swiotlb;
      expect(mem.nslabs * 2048).toBe(GIB);
      expect(mem.used).toBeGreaterThan(mem.nslabs - 64);
      expect(kept(simulation)).toBeLessThan(WANTED);
      expect(simulation.books.failedAllocs).toBeGreaterThan(refused);
      expect(figure(simulation, NVME, DEVICE.failedMaps)).toBeGreaterThan(failed + 500);
      expect(figure(simulation, NETWORK, DEVICE.dropped)).toBeGreaterThan(dropped);
      refused = simulation.books.failedAllocs;
      failed = figure(simulation, NVME, DEVICE.failedMaps);
      dropped = figure(simulation, NETWORK, DEVICE.dropped);
    }
    // In 0.8 s the disk ends a few of the 9,600 requests that are wanted of it.
    expect(figure(simulation, NVME, DEVICE.done) - doneBefore).toBeLessThan(50);
    expect(simulation.books.peakHeld).toBe(simulation.books.held);
    expect(simulation.log.since(0).map(({ text }) => text)).toContain(
      '[drm:amdgpu_cs_ioctl [amdgpu]] *ERROR* Not enough memory for command submission!',
    );
  });
});

describe('from a pool that grows', () => {
  let simulation: Simulation;
  beforeAll(() => {
    simulation = ran('dynamic-alloc', 300);
  });

  test('the GPU has more than 1 GiB, and all are served', () => {
    expect(kept(simulation)).toBe(WANTED);
    expect(WANTED).toBeGreaterThan(GIB);
    expect(simulation.swiotlb.mem.nslabs * 2048).toBe(GIB + 39 * 4 * 2 ** 20);
    expect(figure(simulation, GPU, DEVICE.waiting)).toBe(0);
    const { failedAllocs } = simulation.books;
    const { failedMaps } = simulation.ledger;
    const done = figure(simulation, NVME, DEVICE.done);
    // Refused a few times until the worker had been there; not once after that.
    expect(failedAllocs).toBeGreaterThan(0);
    expect(failedAllocs).toBeLessThan(20);
    simulation.runUntil(600 * MS, Infinity);
    expect(simulation.books.failedAllocs).toBe(failedAllocs);
    expect(simulation.ledger.failedMaps).toBe(failedMaps);
    expect(figure(simulation, NVME, DEVICE.done) - done).toBeGreaterThan(3000);
  });

  test('conversions are those of the pools, in whole 2 MiB pages, and no host page is split', () => {
    const before = reportOf(booted('dynamic-alloc'));
    const { convertCalls, convertSmall, convertLarge, splitHostPages } = reportOf(simulation);
    expect(convertCalls - before.convertCalls).toBeLessThan(50);
    expect(convertLarge - before.convertLarge).toBeLessThan(100);
    expect(convertSmall).toBe(0);
    expect(splitHostPages).toBe(0);
  });
});

test('with pages of its own each buffer is converted, and the boot pool is held beside it', () => {
  const before = reportOf(booted('dynamic'));
  const simulation = ran('dynamic', 300);
  const report = reportOf(simulation);
  expect(kept(simulation)).toBe(WANTED);
  // 900 buffers, a call each; those below 2 MiB page by page.
  expect(report.convertCalls - before.convertCalls).toBe(900);
  expect(report.convertSmall).toBe(59_264);
  expect(report.convertLarge - before.convertLarge).toBe(469);
  expect(59_264 * 4096 + 469 * 2 ** 21).toBe(WANTED);
  expect(report.convertNs).toBe(900 * 20_000 + 59_264 * 1500 + 469 * 2500);
  expect(report.splitHostPages).toBe(116);
  // The pool has all its room for others, who need next to none of it.
  expect(simulation.swiotlb.mem.used / simulation.swiotlb.mem.nslabs).toBeLessThan(0.01);
  expect(report.failedMaps).toBe(0);
  expect(report.peakHeld).toBe(before.held + WANTED);
});
