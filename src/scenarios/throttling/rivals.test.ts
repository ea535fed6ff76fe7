/** What each rival policy breaks, and that the RFC does not. */
import { expect, test } from 'vitest';
import { DEVICE, DEVICE_FIELDS } from '../../engine/frame.ts';
import { reportOf, type RunReport } from '../../engine/run-report.ts';
import type { Scenario } from '../../engine/scenario.ts';
import { createSimulation } from '../../engine/create-simulation.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { PolicyId } from '../../model/throttle-policies.ts';
import { everyUnmapWakes } from './every-unmap-wakes.ts';
import { lostWakeUp } from './lost-wake-up.ts';
import { throttled } from './parts.ts';
import { thunderingHerd } from './thundering-herd.ts';
import { waitThenGrow } from './wait-then-grow.ts';

const MS = 1_000_000;

function under(scenario: Scenario, policy: PolicyId, untilMs: number): Simulation {
  const throttle = { ...(scenario.throttle ?? throttled(policy)), policy };
  const simulation = createSimulation({ ...scenario, throttle });
  simulation.runUntil(untilMs * MS, Infinity);
  return simulation;
}

function reported(scenario: Scenario, policy: PolicyId, untilMs: number): RunReport {
  return reportOf(under(scenario, policy, untilMs));
}

/** Nobody wants anything any more: what is under way ends, and then nothing is left to happen. */
function silence(simulation: Simulation): void {
  simulation.scenario.devices.forEach((_, device) => {
    simulation.apply({ kind: 'device', device, control: 'ratePerSecond', value: 0 });
  });
}

test('claim 5: under wake-below a sleeper is forgotten for ever beside a nearly empty pool', () => {
  const rival = under(lostWakeUp, 'wake-below', 1000);
  silence(rival);
  rival.runUntil(15_000 * MS, Infinity);
  const lost = reportOf(rival);
  expect(lost.waiting).toBeGreaterThan(0);
  expect(lost.longestNowNs).toBeGreaterThan(14_000 * MS);
  expect(lost.used).toBeLessThan(rival.swiotlb.mem.throttle.lowThrottle / 4);
  expect(lost.needlessNs / lost.waitedNs).toBeGreaterThan(0.9);
});

test('claim 5: under the RFC the same load leaves nobody behind', () => {
  const rfc = under(lostWakeUp, 'rfc', 1000);
  silence(rfc);
  rfc.runUntil(2000 * MS, Infinity);
  const report = reportOf(rfc);
  expect(report.slept).toBeGreaterThan(5);
  expect(report.waiting).toBe(0);
  expect(report.starved).toBe(0);
  expect(report.maxWaitNs).toBeLessThan(5 * MS);
});

test('claim 6: under wake-all nearly every wake-up is in vain, under the RFC none is', () => {
  const herd = reported(thunderingHerd, 'wake-all', 500);
  expect(herd.wakeUps).toBeGreaterThan(10_000);
  expect(herd.vainWakeUps / herd.wakeUps).toBeGreaterThan(0.8);
  const rfc = reported(thunderingHerd, 'rfc', 500);
  expect(rfc.wakeUps).toBeGreaterThan(50);
  expect(rfc.vainWakeUps).toBe(0);
});

test('every unmap wakes one: large requests go on for small unmaps, far above the threshold', () => {
  const any = reported(everyUnmapWakes, 'wake-any', 500);
  const rfc = reported(everyUnmapWakes, 'rfc', 500);
  const high = Math.floor(4096 * 0.7);
  // Four CPUs and the holder: five requests of 126 slots are what the RFC can be over.
  expect(rfc.peak - high).toBeLessThan(5 * 126);
  expect(any.peak - high).toBeGreaterThan(5 * 126);
  expect(any.gaveBack).toBeGreaterThan(1000);
  expect(rfc.gaveBack).toBe(0);
});

test('… and only while above it: who sleeps when the use falls is woken by nobody', () => {
  const above = under(thunderingHerd, 'wake-any-above', 300);
  silence(above);
  above.runUntil(2000 * MS, Infinity);
  const left = reportOf(above);
  expect(left.waiting).toBeGreaterThan(0);
  expect(left.used).toBeLessThan(above.swiotlb.mem.throttle.lowThrottle / 4);
  const any = under(thunderingHerd, 'wake-any', 300);
  silence(any);
  any.runUntil(2000 * MS, Infinity);
  expect(reportOf(any).waiting).toBe(0);
});

test('wait, then grow: nobody waits longer than allowed, and memory grows on and on', () => {
  const grow = under(waitThenGrow, 'timeout-grow', 400);
  const report = reportOf(grow);
  expect(report.failedMaps).toBe(0);
  expect(Math.max(report.maxWaitNs, report.longestNowNs)).toBeLessThan(5.5 * MS);
  expect(report.pools).toBeGreaterThan(10);
  // A pool for each that gave up, and none for anything else: no map ever failed.
  expect(report.timedOut).toBe(report.pools);
  const thresholds = grow.swiotlb.mem.throttle;
  // Half a gibibyte of slots would raise neither.
  expect([thresholds.highThrottle, thresholds.lowThrottle]).toEqual([1433, 1331]);
  const rfc = reported(waitThenGrow, 'rfc', 400);
  expect(rfc.pools).toBe(0);
  expect(rfc.p99WaitNs).toBeGreaterThan(50 * MS);
});

test('every policy reports the same, and the same again from the same seed', () => {
  const policies = ['none', 'rfc', 'wake-below', 'wake-any', 'wake-all'] as const;
  for (const policy of policies) {
    const one = under(thunderingHerd, policy, 60);
    const other = under(thunderingHerd, policy, 60);
    expect(other.streamHash).toBe(one.streamHash);
    expect(reportOf(other)).toEqual(reportOf(one));
    const { deviceRows } = one.ledger;
    expect(reportOf(one).done).toBe(deviceRows[DEVICE.done]);
    expect(deviceRows).toHaveLength(DEVICE_FIELDS);
  }
});
