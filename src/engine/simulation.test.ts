import { expect, test } from 'vitest';
import { deviceWith, figure, networkWith, scenarioWith } from '../testing/run-builder.ts';
import { DEFAULT_COSTS } from './costs.ts';
import { DEVICE, OWNER_DEVICE_MASK, OWNER_FIRST } from './frame.ts';
import type { DeviceSpec, Scenario } from './scenario.ts';
import { createSimulation } from './create-simulation.ts';
import type { Simulation } from './simulation.ts';
import { stateHash } from './state-hash.ts';

const MS = 1e6;
const disk = deviceWith({ name: 'vdb', kind: 'virtio-blk', ratePerSecond: 5000 });
/** Everything that can happen: three kinds of devices on a pool that is at times too small. */
const busy = scenarioWith(
  [
    deviceWith({
      sizes: [{ bytes: 65_536, weight: 1 }],
      contiguity: 0.9,
      burst: 2,
      latencyUs: 1500,
    }),
    networkWith({ ratePerSecond: 40_000 }),
    disk,
  ],
  { cpus: 4, commandLine: 'swiotlb=512,2,force' },
);

function ran(scenario: Scenario, untilNs = 20 * MS): Simulation {
  const simulation = createSimulation(scenario);
  simulation.runUntil(untilNs, Infinity);
  return simulation;
}

/** The run with every device told to stop, and time to finish what it began. */
function drained(simulation: Simulation): Simulation {
  simulation.machine.devices.forEach((_, device) => {
    simulation.apply({ kind: 'device', device, control: 'ratePerSecond', value: 0 });
  });
  simulation.runUntil(simulation.endNs, Infinity);
  return simulation;
}

function lockSum(simulation: Simulation, field: 'taken' | 'contended' | 'spunNs'): number {
  let sum = 0;
  for (const pool of simulation.swiotlb.pools) {
    for (const value of simulation.locks.of(pool)[field]) sum += value;
  }
  return sum;
}

test('the same scenario and seed give the same events and the same state', () => {
  const one = ran(busy);
  const other = ran(busy);
  expect(one.event).toBeGreaterThan(2000);
  expect(other.streamHash).toBe(one.streamHash);
  expect(stateHash(other)).toBe(stateHash(one));
});

test('another seed gives another run', () => {
  expect(ran({ ...busy, seed: 2 }).streamHash).not.toBe(ran(busy).streamHash);
});

test('the run does not depend on how it is cut into slices', () => {
  const whole = ran(busy);
  const sliced = createSimulation(busy);
  for (let timeNs = 0; timeNs <= 20 * MS; timeNs += 7777) {
    while (sliced.runUntil(timeNs, 13) === 13);
  }
  sliced.runUntil(20 * MS, Infinity);
  expect(sliced.streamHash).toBe(whole.streamHash);
  const stepped = createSimulation(busy);
  while (stepped.nextTimeNs() <= 20 * MS) stepped.step();
  expect(stepped.streamHash).toBe(whole.streamHash);
  expect(stepped.event).toBe(whole.event);
});

test('the fast and the reference slot table give the same run', () => {
  const reference = createSimulation(busy, { search: 'reference' });
  reference.runUntil(20 * MS, Infinity);
  const fast = ran(busy);
  expect(reference.streamHash).toBe(fast.streamHash);
  expect(stateHash(reference)).toBe(stateHash(fast));
});

test('a run of this version is a run of the next: the hash of a fixed stretch', () => {
  const { event, streamHash } = ran(busy);
  expect([event, streamHash]).toEqual([11120, '637c3ff905fa20a2']);
});

test('after every event the slots in use, the owners and the devices add up', () => {
  const simulation = createSimulation(busy);
  const pool = simulation.swiotlb.mem.head;
  if (!pool) throw new RangeError('no pool');
  const { owner } = simulation.ledger.record(pool);
  for (let event = 0; event < 4000; event++) {
    simulation.step();
    const { used } = simulation.swiotlb.mem;
    expect(figure(simulation, 0, DEVICE.slots) + figure(simulation, 1, DEVICE.slots)).toBe(
      used - figure(simulation, 2, DEVICE.slots),
    );
    if (event % 50 !== 0) continue;
    expect(owner.filter((byte) => byte !== 0)).toHaveLength(used);
    for (const device of [0, 1, 2]) {
      const mine = owner.filter((byte) => (byte & OWNER_DEVICE_MASK) === device + 1);
      expect(mine).toHaveLength(figure(simulation, device, DEVICE.slots));
      const firsts = mine.filter((byte) => (byte & OWNER_FIRST) !== 0);
      expect(firsts).toHaveLength(figure(simulation, device, DEVICE.mappings));
    }
  }
  expect(simulation.ledger.failedMaps).toBeGreaterThan(0);
});

test('when all devices stop, only the receive ring stays mapped', () => {
  const simulation = drained(ran(busy));
  expect(simulation.ended).toBe(true);
  expect(figure(simulation, 0, DEVICE.slots)).toBe(0);
  expect(figure(simulation, 0, DEVICE.depth)).toBe(0);
  expect(figure(simulation, 2, DEVICE.slots)).toBe(0);
  expect(figure(simulation, 0, DEVICE.waiting)).toBe(0);
  expect(simulation.swiotlb.mem.used).toBe(figure(simulation, 1, DEVICE.depth));
});

test('virtual time stands at the end when the end is reached, and nothing happens after it', () => {
  const simulation = ran(busy, Infinity);
  expect(simulation.timeNs).toBe(200 * MS);
  expect(simulation.ended).toBe(true);
  expect(simulation.nextTimeNs()).toBe(Infinity);
  const { event, streamHash } = simulation;
  expect(simulation.step()).toBe(false);
  expect(simulation.runUntil(Infinity, 10)).toBe(0);
  expect([simulation.event, simulation.streamHash]).toEqual([event, streamHash]);
});

test('a device begins when its load does; its receive ring is up before', () => {
  const later = scenarioWith([deviceWith({ startMs: 30 }), networkWith({ startMs: 50 })]);
  const simulation = ran(later, 29 * MS);
  expect(figure(simulation, 0, DEVICE.bounced)).toBe(0);
  expect(figure(simulation, 1, DEVICE.depth)).toBe(64);
  expect(figure(simulation, 1, DEVICE.done)).toBe(0);
  simulation.runUntil(49 * MS, Infinity);
  expect(figure(simulation, 0, DEVICE.done)).toBeGreaterThan(100);
  expect(figure(simulation, 1, DEVICE.done)).toBe(0);
  simulation.runUntil(80 * MS, Infinity);
  expect(figure(simulation, 1, DEVICE.done)).toBeGreaterThan(100);
});

test('a stretch without events still lets time pass', () => {
  const idle = scenarioWith([deviceWith({ ratePerSecond: 0 })]);
  const simulation = createSimulation(idle);
  expect(simulation.runUntil(50 * MS, Infinity)).toBe(0);
  expect(simulation.timeNs).toBe(50 * MS);
  expect(simulation.ended).toBe(false);
});

test('a request takes its latency and its transfer, and no longer on an idle machine', () => {
  const spec = deviceWith({
    ratePerSecond: 200,
    latencyUs: 500,
    latencySpread: 0,
    bytesPerUs: 1000,
    sizes: [{ bytes: 100_000, weight: 1 }],
    readShare: 0,
  });
  const simulation = ran(scenarioWith([spec]), 200 * MS);
  simulation.ledger.settle(simulation.timeNs);
  const { submitNs, completeNs, copyBytesPerNs } = DEFAULT_COSTS;
  const expectedNs = 500_000 + 100_000 + submitNs + completeNs + 100_000 / copyBytesPerNs;
  expect(figure(simulation, 0, DEVICE.done)).toBeGreaterThan(20);
  const meanNs = figure(simulation, 0, DEVICE.meanLatencyNs);
  expect(meanNs).toBeGreaterThan(expectedNs);
  expect(meanNs).toBeLessThan(expectedNs * 1.01);
});

test('the device serves no more at a time than it can, and its link bounds the throughput', () => {
  const spec = deviceWith({
    ratePerSecond: 100_000,
    depth: 200,
    parallel: 4,
    latencyUs: 100,
    latencySpread: 0,
    bytesPerUs: 1e5,
  });
  const few = ran(scenarioWith([spec]), 100 * MS);
  expect(figure(few, 0, DEVICE.done)).toBeLessThan(4000);
  expect(figure(few, 0, DEVICE.done)).toBeGreaterThan(3800);
  const slow = ran(scenarioWith([{ ...spec, parallel: 200, bytesPerUs: 100 }]), 100 * MS);
  expect(figure(slow, 0, DEVICE.doneBytes)).toBeLessThan(10e6);
  expect(figure(slow, 0, DEVICE.doneBytes)).toBeGreaterThan(9e6);
});

test('no more requests are in flight than the depth allows', () => {
  const simulation = createSimulation(
    scenarioWith([deviceWith({ ratePerSecond: 200_000, depth: 7 })]),
  );
  let most = 0;
  while (simulation.timeNs < 20 * MS && simulation.step()) {
    most = Math.max(most, figure(simulation, 0, DEVICE.depth));
  }
  expect(most).toBe(7);
});

test('CPUs that share an area spin for it; with an area each they hardly do', () => {
  const load = [deviceWith({ ratePerSecond: 900_000, depth: 512, parallel: 512, latencyUs: 50 })];
  const shared = ran(scenarioWith(load, { cpus: 16, commandLine: 'swiotlb=16384,1,force' }));
  const apart = ran(scenarioWith(load, { cpus: 16, commandLine: 'swiotlb=16384,16,force' }));
  expect(lockSum(shared, 'contended')).toBeGreaterThan(20 * lockSum(apart, 'contended'));
  expect(lockSum(shared, 'spunNs')).toBeGreaterThan(20 * lockSum(apart, 'spunNs'));
});

test('one CPU alone never spins', () => {
  const simulation = ran({ ...busy, machine: { ...busy.machine, cpus: 1 } });
  expect(lockSum(simulation, 'taken')).toBeGreaterThan(1000);
  expect(lockSum(simulation, 'contended')).toBe(0);
});

const heldNs = (costs: typeof DEFAULT_COSTS) => {
  const simulation = createSimulation(busy, { costs });
  simulation.runUntil(5 * MS, Infinity);
  const [first] = simulation.swiotlb.pools;
  return first ? simulation.locks.of(first).heldNs.reduce((sum, ns) => sum + ns, 0) : 0;
};

test('a search that looks at more slots holds its lock longer', () => {
  expect(heldNs({ ...DEFAULT_COSTS, slotNs: 120 })).toBeGreaterThan(2 * heldNs(DEFAULT_COSTS));
});

const copied = (readShare: number) => {
  const load = deviceWith({ readShare, ratePerSecond: 2000 });
  const simulation = drained(ran(scenarioWith([load]), 100 * MS));
  return simulation.ledger.copiedBytes / simulation.ledger.maps;
};

test('copies go in on every map and out on reads alone', () => {
  expect(copied(0)).toBe(4096);
  expect(copied(1)).toBe(8192);
});

/** A pool of one segment that one 252 KiB request nearly fills. */
function crowded(spec: Partial<DeviceSpec>): Simulation {
  const large = deviceWith({ sizes: [{ bytes: 200_000, weight: 1 }], ...spec });
  return ran(scenarioWith([large], { cpus: 1, commandLine: 'swiotlb=128,force' }), 100 * MS);
}

test('NVMe puts a request back when its map fails, and tries again after the requeue delay', () => {
  const simulation = crowded({ ratePerSecond: 8000 });
  expect(figure(simulation, 0, DEVICE.failedMaps)).toBeGreaterThan(10);
  expect(figure(simulation, 0, DEVICE.retried)).toBe(figure(simulation, 0, DEVICE.failedMaps));
  expect(figure(simulation, 0, DEVICE.waiting)).toBeGreaterThan(0);
  expect(figure(simulation, 0, DEVICE.ioErrors)).toBe(0);
  expect(figure(simulation, 0, DEVICE.dropped)).toBe(0);
  expect(figure(simulation, 0, DEVICE.done)).toBeGreaterThan(10);
  // 64 in flight, each tried at most once in 3 ms.
  expect(figure(simulation, 0, DEVICE.retried)).toBeLessThan((64 * 100) / 3 + 64);
});

test('virtio-blk logs an I/O error, and the upper layer tries again after a longer delay', () => {
  const simulation = crowded({ kind: 'virtio-blk', name: 'vdb', ratePerSecond: 8000 });
  expect(figure(simulation, 0, DEVICE.ioErrors)).toBeGreaterThan(10);
  expect(figure(simulation, 0, DEVICE.retried)).toBe(figure(simulation, 0, DEVICE.ioErrors));
  const texts = simulation.log.since(0).map(({ text }) => text);
  expect(texts.some((text) => text.startsWith('I/O error, dev vdb, sector '))).toBe(true);
});

test('an old controller has its request end in an I/O error', () => {
  const simulation = crowded({
    kind: 'legacy32',
    name: 'sda',
    ratePerSecond: 8000,
    sizes: [{ bytes: 131_072, weight: 1 }],
  });
  expect(figure(simulation, 0, DEVICE.ioErrors)).toBeGreaterThan(10);
  expect(figure(simulation, 0, DEVICE.retried)).toBe(0);
  expect(figure(simulation, 0, DEVICE.waiting)).toBe(0);
});

test('a network drops the packet that finds no room, unmaps its other fragments and goes on', () => {
  const load = networkWith({
    depth: 32,
    ratePerSecond: 30_000,
    readShare: 0,
    sizes: [{ bytes: 60_000, weight: 1 }],
  });
  const simulation = ran(
    scenarioWith([load], { cpus: 1, commandLine: 'swiotlb=128,force' }),
    50 * MS,
  );
  expect(figure(simulation, 0, DEVICE.dropped)).toBeGreaterThan(10);
  expect(figure(simulation, 0, DEVICE.done)).toBeGreaterThan(10);
  const texts = simulation.log.since(0).map(({ text }) => text);
  expect(texts).toContain('net eth0: Unexpected TXQ (0) queue failure: -12');
  expect(drained(simulation).swiotlb.mem.used).toBe(32);
});

test('the log says in the kernel’s words what was asked and what was used', () => {
  const simulation = crowded({ ratePerSecond: 8000 });
  const full = simulation.log
    .since(0)
    .map(({ text }) => text)
    .filter((text) => text.includes('buffer is full'));
  expect(full).toHaveLength(10);
  expect(full[0]).toMatch(
    /^nvme 0000:00:02\.0: swiotlb buffer is full \(sz: \d{6} bytes\), total 128 \(slots\), used \d+ \(slots\)$/,
  );
  expect(simulation.log.suppressed).toBeGreaterThan(0);
});

test('the receive ring is mapped before any packet comes, spread over the areas', () => {
  const quiet = scenarioWith([networkWith({ ratePerSecond: 0 })]);
  const simulation = ran(quiet, MS);
  expect(figure(simulation, 0, DEVICE.depth)).toBe(64);
  expect(simulation.swiotlb.mem.used).toBe(64);
  expect([...(simulation.swiotlb.mem.head?.areaUsed ?? [])]).toEqual([32, 32]);
});

test('a device that reaches its buffers maps them without a slot', () => {
  const simulation = ran(
    scenarioWith([deviceWith({ highMemoryShare: 0.5 }), networkWith()], {
      memoryMiB: 8192,
      commandLine: '',
    }),
  );
  expect(simulation.ledger.directMaps).toBeGreaterThan(500);
  expect(simulation.ledger.maps).toBe(0);
  expect(simulation.swiotlb.mem.used).toBe(0);
  expect(lockSum(simulation, 'taken')).toBe(0);
  expect(figure(simulation, 0, DEVICE.done)).toBeGreaterThan(100);
});

test('without a pool every bounce fails, and the run goes on', () => {
  const simulation = ran(
    scenarioWith([deviceWith({ kind: 'legacy32', highMemoryShare: 0.5 })], {
      memoryMiB: 8192,
      commandLine: 'swiotlb=noforce',
    }),
  );
  expect(simulation.machine.hasPool).toBe(false);
  expect(simulation.ledger.failedMaps).toBeGreaterThan(50);
  expect(simulation.ledger.directMaps).toBeGreaterThan(50);
  expect(figure(simulation, 0, DEVICE.done)).toBeGreaterThan(50);
});

test('controls act at once', () => {
  const simulation = ran(scenarioWith([deviceWith()]), 100 * MS);
  const doneAt = () => figure(simulation, 0, DEVICE.done);
  const before = doneAt();
  const set = (control: 'ratePerSecond' | 'latencyUs' | 'depth' | 'readShare', value: number) =>
    simulation.apply({ kind: 'device', device: 0, control, value });
  expect(set('ratePerSecond', 0)).toBeNull();
  simulation.runUntil(150 * MS, Infinity);
  const stopped = doneAt();
  expect(stopped - before).toBeLessThan(20);
  expect(set('ratePerSecond', 40_000)).toBeNull();
  expect(set('latencyUs', 5000)).toBeNull();
  expect(set('depth', 3)).toBeNull();
  simulation.runUntil(200 * MS, Infinity);
  expect(doneAt() - stopped).toBeGreaterThan(10);
  expect(doneAt() - stopped).toBeLessThan(60);
  expect(simulation.machine.devices[0]?.spec).toMatchObject({ depth: 3, latencyUs: 5000 });
});

test('a larger receive ring is filled, a smaller one drains', () => {
  const simulation = ran(scenarioWith([networkWith({ readShare: 1 })]), 10 * MS);
  simulation.apply({ kind: 'device', device: 0, control: 'depth', value: 128 });
  simulation.runUntil(20 * MS, Infinity);
  expect(figure(simulation, 0, DEVICE.depth)).toBeGreaterThan(64);
  simulation.apply({ kind: 'device', device: 0, control: 'depth', value: 16 });
  simulation.runUntil(60 * MS, Infinity);
  expect(figure(simulation, 0, DEVICE.depth)).toBeLessThanOrEqual(16);
});

test('however often a control is moved, an empty ring is tried again once every half second', () => {
  // The first device's rings take every slot, so the second's stay empty.
  const greedy = networkWith({ ratePerSecond: 0, depth: 1024 });
  const empty = networkWith({ name: 'eth1', ratePerSecond: 0 });
  const simulation = ran({ ...scenarioWith([greedy, empty]), lengthMs: 10_000 }, 10 * MS);
  for (let move = 1; move <= 300; move++) {
    const control = move % 2 === 0 ? 'depth' : 'latencyUs';
    simulation.apply({ kind: 'device', device: 1, control, value: move });
    simulation.runUntil((10 + move / 10) * MS, Infinity);
  }
  const before = simulation.ledger.failedMaps;
  simulation.runUntil(2040 * MS, Infinity);
  expect(simulation.swiotlb.mem.used).toBe(512);
  // Two rings, four half seconds.
  expect(simulation.ledger.failedMaps - before).toBe(8);
});

test('a bad change is answered with a sentence and leaves the run as it was', () => {
  const simulation = ran(busy);
  const before = stateHash(simulation);
  const bad = [
    simulation.apply({ kind: 'device', device: 9, control: 'depth', value: 1 }),
    simulation.apply({ kind: 'device', device: 0, control: 'depth', value: 0 }),
    simulation.apply({ kind: 'write', file: 'io_tlb_used', text: '0' }),
  ];
  expect(bad).toEqual([
    'there is no device 9',
    'nvme0.depth is 0; it must be a whole number from 1 to 1023',
    "sh: can't create io_tlb_used: Permission denied",
  ]);
  expect(stateHash(simulation)).toBe(before);
  expect(ran(busy, 30 * MS).streamHash).toBe(
    (simulation.runUntil(30 * MS, Infinity), simulation.streamHash),
  );
});

test('the summary tells each device as its driver is told', () => {
  const [nvme, eth, vdb] = createSimulation(busy).machine.devices;
  expect(nvme).toMatchObject({
    mayBlock: true,
    minAlignMask: 4095,
    dmaMask: '0xffffffffffffffff',
    maxMappingBytes: 258_048,
  });
  expect(eth).toMatchObject({ mayBlock: false, maxMappingBytes: 262_144 });
  expect(vdb).toMatchObject({ name: 'vdb', kind: 'virtio-blk', spec: disk });
});
