/** The throttle in time, held against its own books after every event of whole runs. */
import { describe, expect, test } from 'vitest';
import { batchDeadlock } from '../scenarios/throttling/batch-deadlock.ts';
import { everyUnmapWakes } from '../scenarios/throttling/every-unmap-wakes.ts';
import { networkExhausts } from '../scenarios/throttling/network-exhausts.ts';
import { polling } from '../scenarios/throttling/polling.ts';
import { snailAndCheetah } from '../scenarios/throttling/snail-and-cheetah.ts';
import { spike } from '../scenarios/throttling/spike.ts';
import { waitThenGrow } from '../scenarios/throttling/wait-then-grow.ts';
import { POLICY_IDS, type PolicyId } from '../model/throttle-policies.ts';
import { NO_TICKET } from '../model/wait-queue.ts';
import { DEVICE, DEVICE_FIELDS } from './frame.ts';
import { reportOf } from './run-report.ts';
import { NO_THROTTLE, type Scenario } from './scenario.ts';
import { createSimulation } from './create-simulation.ts';
import type { Simulation } from './simulation.ts';
import { stateHash } from './state-hash.ts';

const MS = 1_000_000;
const LOADS = [
  spike,
  everyUnmapWakes,
  networkExhausts,
  snailAndCheetah,
  polling,
  batchDeadlock,
  waitThenGrow,
];

function simulationOf(scenario: Scenario, policy: PolicyId): Simulation {
  const throttle = { ...(scenario.throttle ?? NO_THROTTLE), policy, timeoutMs: 1 };
  return createSimulation({ ...scenario, throttle });
}

function sumOf({ ledger }: Simulation, field: number): number {
  let sum = 0;
  for (let at = field; at < ledger.deviceRows.length; at += DEVICE_FIELDS) {
    sum += ledger.deviceRows[at] ?? 0;
  }
  return sum;
}

/** Patience of 1 ms, and what a task may have to wait for a CPU on top of it. */
const LATE_NS = 3 * MS;

function longestWaitNs(simulation: Simulation): number {
  const { maxWaitNs, longestNowNs } = reportOf(simulation);
  return Math.max(maxWaitNs, longestNowNs);
}

function disksWithin({ ledger }: Simulation): boolean {
  const { deviceRows } = ledger;
  for (let at = 0; at < deviceRows.length; at += DEVICE_FIELDS) {
    const isDisk = (deviceRows[at + DEVICE.tasks] ?? 0) > 0;
    const limit = deviceRows[at + DEVICE.depthLimit] ?? 0;
    if (isDisk && (deviceRows[at + DEVICE.depth] ?? 0) > limit) return false;
  }
  return true;
}

/** What must be so after every event; the names of what is not. */
function disagreements(simulation: Simulation): string[] {
  const { swiotlb, throttle: book, ledger } = simulation;
  const gate = swiotlb.mem.throttle;
  const asleep = gate.queue.length;
  const sleepers: number[] = [];
  for (let at = gate.queue.first; at !== NO_TICKET; at = gate.queue.behind(at)) sleepers.push(at);
  const flags = swiotlb.pools
    .flatMap(({ throttled }) => [...throttled])
    .filter((flag) => flag === 1);
  const inside = book.inside();
  const hasSemaphore = gate.policy.id === 'rfc' || gate.policy.id === 'rfc-high-only';
  // One semaphore: free, or with one who was let in, or on its way to one who was woken.
  const semaphores = gate.semCount + inside.length + (book.waiting - asleep);
  const facts = {
    'the devices’ sleepers are the book’s': sumOf(simulation, DEVICE.throttled) === book.waiting,
    'the queue is part of them': asleep <= book.waiting,
    'everything in use is painted': ledger.paintedSlots === swiotlb.mem.used,
    'everybody woken was told': gate.woken.length === 0,
    'nobody in the queue was let in': sleepers.every((at) => book.find(at)?.admittedNs === -1),
    'each that has its slots left one flag in them':
      flags.length === inside.filter(({ placedNs }) => placedNs >= 0).length,
    'there is one semaphore': !hasSemaphore || semaphores === 1,
    'no disk has more in flight than its depth': disksWithin(simulation),
    'nobody waits longer than allowed':
      !gate.policy.timesOut || longestWaitNs(simulation) < LATE_NS,
  };
  return Object.entries(facts)
    .filter(([, holds]) => !holds)
    .map(([name]) => name);
}

describe.each(POLICY_IDS)('under %s', (policy) => {
  test.each(LOADS)('books, flags and semaphore agree after every event of $id', (load) => {
    const simulation = simulationOf(load, policy);
    for (let turn = 0; turn < 300; turn++) {
      simulation.runUntil(60 * MS, 1 + (turn % 23));
      expect(disagreements(simulation)).toEqual([]);
    }
    simulation.runUntil(80 * MS, Infinity);
    expect(disagreements(simulation)).toEqual([]);
  });

  test('the same seed gives the same run', () => {
    const [one, other] = [
      simulationOf(networkExhausts, policy),
      simulationOf(networkExhausts, policy),
    ];
    one.runUntil(40 * MS, Infinity);
    for (let ms = 1; ms <= 40; ms++) other.runUntil(ms * MS, Infinity);
    expect(other.streamHash).toBe(one.streamHash);
    expect(stateHash(other)).toBe(stateHash(one));
  });
});

test('who sleeps submits nothing, however much is wished for and however deep its queue is', () => {
  const simulation = simulationOf(batchDeadlock, 'rfc');
  simulation.runUntil(20 * MS, Infinity);
  const { deviceRows } = simulation.ledger;
  // One task, one batch of 32: half the depth, and every task of the device asleep.
  expect([deviceRows[DEVICE.depth], deviceRows[DEVICE.depthLimit]]).toEqual([32, 64]);
  expect([deviceRows[DEVICE.blockedTasks], deviceRows[DEVICE.tasks]]).toEqual([1, 1]);
  simulation.runUntil(2000 * MS, Infinity);
  expect(deviceRows[DEVICE.depth]).toBe(32);
});

test('where nothing bounces by force no driver is told that it may block', () => {
  const machine = { ...networkExhausts.machine, encrypted: false };
  const simulation = simulationOf({ ...networkExhausts, machine }, 'rfc');
  simulation.runUntil(60 * MS, Infinity);
  expect(simulation.throttle.arrived).toBe(0);
  expect(simulation.machine.devices.map(({ recommended }) => recommended)).toEqual([
    false,
    false,
    false,
  ]);
});

test('a network never blocks, a disk whose driver cannot never does', () => {
  const simulation = simulationOf(networkExhausts, 'rfc');
  const devices = new Set<number>();
  while (simulation.timeNs < 100 * MS && simulation.step()) {
    for (const { device } of simulation.throttle.inside()) devices.add(device);
  }
  expect([...devices]).toEqual([0]);
});
