/** The claims argued over, each as numbers from a run. Those of the rivals are in `rivals.test.ts`. */
import { expect, test } from 'vitest';
import { DEVICE, DEVICE_FIELDS } from '../../engine/frame.ts';
import { reportOf } from '../../engine/run-report.ts';
import type { Scenario } from '../../engine/scenario.ts';
import { createSimulation } from '../../engine/create-simulation.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { PolicyId } from '../../model/throttle-policies.ts';
import { hysteresis } from './hysteresis.ts';
import { networkExhausts } from './network-exhausts.ts';
import { throttled } from './parts.ts';
import { serialising } from './serialising.ts';
import { slop } from './slop.ts';
import { snailAndCheetah } from './snail-and-cheetah.ts';
import { spike } from './spike.ts';
import { throttledTransient } from './throttled-transient.ts';

const MS = 1_000_000;

function begun(scenario: Scenario, policy: PolicyId): Simulation {
  const throttle = { ...(scenario.throttle ?? throttled(policy)), policy };
  return createSimulation({ ...scenario, throttle });
}

function under(scenario: Scenario, policy: PolicyId, untilMs: number): Simulation {
  const simulation = begun(scenario, policy);
  simulation.runUntil(untilMs * MS, Infinity);
  return simulation;
}

function figure({ ledger }: Simulation, device: number, field: number): number {
  return ledger.deviceRows[device * DEVICE_FIELDS + field] ?? 0;
}

test('claims 1 and 14: the spike fails without throttling; with it the peak stays and nothing fails', () => {
  const without = reportOf(under(spike, 'none', 500));
  expect(without.peak).toBeGreaterThan(4000);
  expect(without.failedMaps).toBeGreaterThan(1000);
  expect(without.ioErrors).toBeGreaterThan(10);
  const rfc = under(spike, 'rfc', 500);
  const report = reportOf(rfc);
  const { highThrottle } = rfc.swiotlb.mem.throttle;
  expect(report.failedMaps).toBe(0);
  expect(report.ioErrors).toBe(0);
  expect(report.peak).toBeGreaterThan(highThrottle);
  // Three more CPUs that read the same number, the holder, and what cannot block.
  expect(report.peak).toBeLessThan(highThrottle + 4 * 33 + 16 * 19);
  expect(report.throttled).toBeGreaterThan(100);
});

test('claim 2: many CPUs overshoot by the sum of what they map, one CPU by one request', () => {
  const many = under(slop, 'rfc', 60);
  const { highThrottle } = many.swiotlb.mem.throttle;
  const over = reportOf(many).peak - highThrottle;
  expect(over).toBeGreaterThan(10 * 126);
  const machine = { ...slop.machine, cpus: 1 };
  const one = reportOf(under({ ...slop, machine }, 'rfc', 60));
  expect(one.peak).toBeGreaterThan(highThrottle);
  // The last one that passed, and the holder.
  expect(one.peak - highThrottle).toBeLessThanOrEqual(2 * 127);
});

test('claim 3: without the low threshold newcomers overtake those who wait, with it none does', () => {
  const rfc = reportOf(under(hysteresis, 'rfc', 500));
  expect(rfc.slept).toBeGreaterThan(50);
  expect(rfc.overtookAbove).toBe(0);
  const high = under(hysteresis, 'rfc-high-only', 500);
  expect(reportOf(high).overtookAbove).toBeGreaterThan(100);
  // Setting low to high is the same rule.
  const same = { ...throttled('rfc'), high: 1433, low: 1433 };
  const equal = under({ ...hysteresis, throttle: same }, 'rfc', 500);
  expect(equal.streamHash).toBe(high.streamHash);
});

test('claims 4 and 13: the fast disk waits for the slow one while half the memory is free', () => {
  const simulation = begun(snailAndCheetah, 'rfc');
  const { mem } = simulation.swiotlb;
  const [fast, slow] = [0, 1];
  let heldBySnail = 0;
  for (let ms = 1; ms <= 1000; ms++) {
    simulation.runUntil(ms * MS, Infinity);
    const waits = figure(simulation, fast, DEVICE.throttled);
    const [holder] = simulation.throttle.inside();
    const isFree = mem.used < mem.nslabs / 2;
    if (isFree && waits >= 5 && holder?.device === slow) heldBySnail++;
  }
  expect(heldBySnail).toBeGreaterThan(30);
  const report = reportOf(simulation);
  expect(report.maxWaitNs).toBeGreaterThan(70 * MS);
  expect(report.needlessNs / report.waitedNs).toBeGreaterThan(0.5);
  const without = reportOf(under(snailAndCheetah, 'none', 1000));
  expect(without.slept).toBe(0);
});

test('claims 7 and 16: what cannot block fills the pool; throttled maps fail and give back', () => {
  const simulation = under(networkExhausts, 'rfc', 500);
  const report = reportOf(simulation);
  const [ssd, network, usb] = [0, 1, 2];
  expect(report.peak).toBe(2048);
  expect(figure(simulation, network, DEVICE.dropped)).toBeGreaterThan(100);
  expect(figure(simulation, usb, DEVICE.ioErrors)).toBeGreaterThan(10);
  // NVMe is requeued: no I/O error, and the semaphore is taken and given back each time.
  expect(figure(simulation, ssd, DEVICE.failedMaps)).toBeGreaterThan(100);
  expect(figure(simulation, ssd, DEVICE.ioErrors)).toBe(0);
  expect(figure(simulation, ssd, DEVICE.retried)).toBeGreaterThan(100);
  expect(report.gaveBack).toBeGreaterThan(100);
});

/** When the first map fails, virtual ms; the run is over without one after `untilMs`. */
function firstFailureMs(simulation: Simulation, untilMs: number): number {
  while (simulation.ledger.failedMaps === 0 && simulation.timeNs < untilMs * MS) {
    if (!simulation.step()) break;
  }
  return simulation.timeNs / MS;
}

test('claim 8: one CPU that takes turns fills the pool as two do, only later; holding back does not', () => {
  const two = { ...serialising, machine: { ...serialising.machine, cpus: 2 } };
  const one = firstFailureMs(begun(serialising, 'none'), 100);
  const both = firstFailureMs(begun(two, 'none'), 100);
  expect(both).toBeLessThan(one);
  expect(one).toBeLessThan(5);
  expect(one / both).toBeGreaterThan(1.3);
  const rfc = begun(serialising, 'rfc');
  expect(firstFailureMs(rfc, 300)).toBeGreaterThanOrEqual(300);
  expect(reportOf(rfc).failedMaps).toBe(0);
});

/** Steps until `wanted` finds something. @throws RangeError when nothing comes in 200 virtual ms. */
function stepUntil<Found>(simulation: Simulation, wanted: () => Found | undefined): Found {
  while (simulation.timeNs < 200 * MS && simulation.step()) {
    const found = wanted();
    if (found !== undefined) return found;
  }
  throw new RangeError('it never came');
}

test('claim 9: a throttled request lies in a transient pool, whose end passes the semaphore on', () => {
  const simulation = begun(throttledTransient, 'rfc');
  const { swiotlb, throttle: book } = simulation;
  const gate = swiotlb.mem.throttle;
  const thresholds = [gate.highThrottle, gate.lowThrottle];
  const { holder, pool } = stepUntil(simulation, () => {
    const inside = book.inside().find(({ placedNs }) => placedNs >= 0);
    const live = swiotlb.pools.find(({ id }) => id === inside?.pool);
    const isIt = live?.kind === 'transient' && gate.queue.length > 0;
    return inside && live && isIt ? { holder: inside, pool: live } : undefined;
  });
  expect(pool.throttled.reduce((sum, flag) => sum + flag, 0)).toBe(1);
  expect(pool.throttled[holder.slot]).toBe(1);
  expect(gate.semCount).toBe(0);
  let waiting = 0;
  const ended = stepUntil(simulation, () => {
    const over = book.ended().find((one) => one === holder);
    if (over === undefined) waiting = gate.queue.length;
    return over;
  });
  expect(ended.releasedNs).toBe(simulation.timeNs);
  expect(swiotlb.pools).not.toContain(pool);
  // Not raised: handed over.
  expect([gate.semCount, gate.queue.length]).toEqual([0, waiting - 1]);
  // The pool has grown in the end, and the thresholds have not.
  simulation.runUntil(300 * MS, Infinity);
  expect(swiotlb.mem.nslabs).toBeGreaterThan(512);
  expect([gate.highThrottle, gate.lowThrottle]).toEqual(thresholds);
});

test('claim 15: some waiters run on another CPU than they slept on, and search its area', () => {
  const simulation = under(spike, 'rfc', 500);
  const report = reportOf(simulation);
  expect(report.moved).toBeGreaterThan(10);
  expect(report.moved).toBeLessThan(report.slept / 2);
});
