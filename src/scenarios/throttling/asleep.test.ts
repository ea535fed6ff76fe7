/** What becomes of those whose own sleep keeps them from being woken. */
import { expect, test } from 'vitest';
import { DEVICE, DEVICE_FIELDS } from '../../engine/frame.ts';
import { reportOf } from '../../engine/run-report.ts';
import type { Scenario } from '../../engine/scenario.ts';
import { createSimulation } from '../../engine/create-simulation.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { PolicyId } from '../../model/throttle-policies.ts';
import { batchDeadlock } from './batch-deadlock.ts';
import { doorbellStall } from './doorbell-stall.ts';
import { throttled } from './parts.ts';
import { polling } from './polling.ts';

const MS = 1_000_000;

function under(scenario: Scenario, policy: PolicyId, untilMs: number): Simulation {
  const throttle = { ...(scenario.throttle ?? throttled(policy)), policy };
  const simulation = createSimulation({ ...scenario, throttle });
  simulation.runUntil(untilMs * MS, Infinity);
  return simulation;
}

function figure({ ledger }: Simulation, device: number, field: number): number {
  return ledger.deviceRows[device * DEVICE_FIELDS + field] ?? 0;
}

test('claim 10: who sleeps polls nothing, and finished requests keep their slots', () => {
  const polled = under(polling, 'rfc', 500);
  const asleep = reportOf(polled);
  expect(asleep.mostUnreaped).toBeGreaterThan(5);
  expect(figure(polled, 0, DEVICE.unreaped)).toBeGreaterThan(5);
  expect(figure(polled, 0, DEVICE.blockedTasks)).toBe(8);
  const devices = polling.devices.map((device) => ({ ...device, polling: false }));
  const interrupted = reportOf(under({ ...polling, devices }, 'rfc', 500));
  expect(interrupted.mostUnreaped).toBe(0);
  expect(interrupted.done).toBeGreaterThan(50 * asleep.done);
  const without = reportOf(under(polling, 'none', 500));
  expect(without.mostUnreaped).toBe(0);
});

test('claim 11: the 24th request of one batch takes the semaphore, the 25th waits for ever', () => {
  const simulation = under(batchDeadlock, 'rfc', 5000);
  const { mem } = simulation.swiotlb;
  // As in the recording: 24 buffers of 32 slots, and the device has been told of none.
  expect(simulation.ledger.maps).toBe(24);
  expect(mem.used).toBe(768);
  expect(figure(simulation, 0, DEVICE.unrung)).toBe(24);
  expect(figure(simulation, 0, DEVICE.done)).toBe(0);
  expect(mem.throttle.semCount).toBe(0);
  const [holder] = simulation.throttle.inside();
  expect([holder?.serial, holder?.device]).toEqual([1, 0]);
  expect(reportOf(simulation).longestNowNs).toBeGreaterThan(4900 * MS);
  const without = reportOf(under(batchDeadlock, 'none', 500));
  expect(without.done).toBeGreaterThan(1000);
});

test('claim 11: raising the thresholds frees newcomers, not those who are queued', () => {
  const simulation = under(batchDeadlock, 'rfc', 20);
  const waiting = simulation.swiotlb.mem.throttle.queue.length;
  expect(waiting).toBeGreaterThan(0);
  for (const file of ['high_throttle', 'low_throttle']) {
    expect(simulation.apply({ kind: 'write', file, text: '1000000' })).toBeNull();
  }
  simulation.runUntil(2000 * MS, Infinity);
  expect(figure(simulation, 1, DEVICE.done)).toBeGreaterThan(100);
  expect(figure(simulation, 0, DEVICE.done)).toBe(0);
  expect(simulation.swiotlb.mem.throttle.queue.length).toBe(waiting);
});

test('claim 12: on one CPU mapped requests stand until some other request rings for them', () => {
  const simulation = under(doorbellStall, 'rfc', 2000);
  const stalled = reportOf(simulation);
  expect(stalled.longestUnrungNs).toBeGreaterThan(30 * MS);
  // It was no deadlock: somebody came along.
  expect(stalled.waiting).toBe(0);
  const without = reportOf(under(doorbellStall, 'none', 2000));
  expect(without.longestUnrungNs).toBeLessThan(2 * MS);
});
