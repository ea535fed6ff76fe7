import { expect, test } from 'vitest';
import { SCENARIOS } from '../scenarios/index.ts';
import { deviceWith, networkWith, scenarioWith } from '../testing/run-builder.ts';
import { checkControl } from './device-check.ts';
import { checkScenario } from './scenario-check.ts';

const good = scenarioWith([deviceWith(), networkWith()]);

function faultsOf(changes: Record<string, unknown>): readonly string[] {
  const checked = checkScenario({ ...good, ...changes });
  return checked.kind === 'faulty' ? checked.faults : [];
}

const machine = (changes: Record<string, unknown>) =>
  faultsOf({ machine: { ...good.machine, ...changes } });
const device = (changes: Record<string, unknown>) =>
  faultsOf({ devices: [{ ...deviceWith(), ...changes }] });
const network = (changes: Record<string, unknown>) =>
  faultsOf({ devices: [{ ...networkWith(), ...changes }] });

test('every scenario that ships passes and comes out as it went in', () => {
  for (const scenario of SCENARIOS) {
    expect(checkScenario(structuredClone(scenario))).toEqual({ kind: 'ok', scenario });
  }
});

test('fields nobody knows are left behind', () => {
  const checked = checkScenario({ ...good, extra: 1, __proto__: { polluted: true } });
  expect(checked).toEqual({ kind: 'ok', scenario: good });
});

test('something that is no scenario gets one sentence', () => {
  for (const value of [null, undefined, 5, 'text', [], () => 1]) {
    const checked = checkScenario(value);
    expect(checked.kind).toBe('faulty');
  }
  expect(checkScenario([])).toEqual({
    kind: 'faulty',
    faults: ['the scenario is a list; it must be an object'],
  });
});

test('each bad field is named with what was there and what was expected', () => {
  expect(faultsOf({ seed: -1 })).toEqual([
    'seed is -1; it must be a whole number from 0 to 4294967295',
  ]);
  expect(faultsOf({ seed: 1.5 })).toHaveLength(1);
  expect(faultsOf({ id: 'Not An Id' })[0]).toMatch(/^id is "Not An Id"/);
  expect(faultsOf({ title: '' })).toEqual(['title has 0 characters; it must have 1 to 60']);
  expect(faultsOf({ watch: 'a\u0007b' })).toEqual(['watch holds a control character']);
  expect(faultsOf({ speed: 0 })).toHaveLength(1);
  expect(faultsOf({ lengthMs: Number.NaN })).toHaveLength(1);
  expect(faultsOf({ lengthMs: Infinity })).toHaveLength(1);
  expect(faultsOf({ openAtMs: 201 })).toEqual([
    'openAtMs is 201; it must be a number from 0 to 200',
  ]);
});

test('machines have bounds', () => {
  expect(faultsOf({ machine: null })).toEqual(['machine is null; it must be an object']);
  expect(machine({ memoryMiB: 32 })).toHaveLength(1);
  expect(machine({ cpus: 129 })).toEqual([
    'machine.cpus is 129; it must be a whole number from 1 to 128',
  ]);
  expect(machine({ encrypted: 1 })).toEqual(['machine.encrypted is 1; it must be true or false']);
  expect(machine({ commandLine: 'x'.repeat(513) })).toHaveLength(1);
  expect(machine({ dynamic: 1 })).toEqual(['machine.dynamic is 1; it must be true or false']);
});

test('devices have bounds, and names of their own', () => {
  expect(faultsOf({ devices: [] })).toEqual(['devices has 0 entries; it must have 1 to 12']);
  expect(faultsOf({ devices: [deviceWith(), deviceWith()] })).toEqual([
    'devices[1].name "nvme0" is taken already',
  ]);
  expect(device({ kind: 'floppy' })[0]).toMatch(/it must be one of nvme, storvsc, virtio-blk/);
  expect(device({ name: '<b>x</b>' })).toHaveLength(1);
  expect(device({ ratePerSecond: -1 })).toHaveLength(1);
  expect(device({ depth: 0 })).toHaveLength(1);
  expect(device({ depth: 1024 })).toHaveLength(1);
  expect(network({ depth: 4096 })).toHaveLength(0);
  expect(device({ latencySpread: 4 })).toHaveLength(1);
  expect(device({ bytesPerUs: 0 })).toHaveLength(1);
  expect(device({ parallel: 0.5 })).toHaveLength(1);
  expect(device({ highMemoryShare: 1.1 })).toHaveLength(1);
  expect(device({ contiguity: '1' })).toHaveLength(1);
  expect(device({ burst: 0.9 })).toHaveLength(1);
  expect(device({ startMs: -1 })).toHaveLength(1);
});

test('sizes are checked one by one', () => {
  expect(device({ sizes: [] })).toHaveLength(1);
  expect(device({ sizes: 'all' })).toEqual(['devices[0].sizes is "all"; it must be a list']);
  expect(device({ sizes: [{ bytes: 0, weight: 1 }] })).toEqual([
    'devices[0].sizes[0].bytes is 0; it must be a whole number from 1 to 1048576',
  ]);
  expect(device({ sizes: [{ bytes: 4096, weight: 0 }] })).toHaveLength(1);
  expect(device({ sizes: [null] })).toHaveLength(1);
  expect(network({ sizes: [{ bytes: 65_537, weight: 1 }] })).toHaveLength(1);
  const buffer = (bytes: number) => device({ kind: 'gpu', sizes: [{ bytes, weight: 1 }] });
  expect(buffer(64 * 1_048_576)).toEqual([]);
  expect(buffer(64 * 1_048_576 + 1)).toHaveLength(1);
});

test('several faults are all told', () => {
  expect(faultsOf({ seed: null, speed: 'fast', machine: { cpus: 0 } }).length).toBeGreaterThan(5);
});

test('a control keeps to the bounds of its field', () => {
  expect(checkControl(deviceWith(), 'ratePerSecond', 5)).toBeNull();
  expect(checkControl(deviceWith(), 'depth', 1024)).toMatch(/^nvme0.depth is 1024/);
  expect(checkControl(networkWith(), 'depth', 1024)).toBeNull();
  expect(checkControl(deviceWith(), 'readShare', Number.NaN)).not.toBeNull();
  expect(checkControl(deviceWith(), 'latencyUs', 0)).not.toBeNull();
  expect(checkControl(deviceWith(), 'burst', 1001)).not.toBeNull();
});

test('a Raspberry Pi 4 has 1 to 4 GiB, and other boards are not known', () => {
  expect(machine({ board: 'rpi4', memoryMiB: 4096 })).toEqual([]);
  expect(machine({ board: 'rpi4', memoryMiB: 8192 })).toEqual([
    'machine.memoryMiB is 8192; it must be a whole number from 1024 to 4096',
  ]);
  expect(machine({ board: 'vax' })).toEqual(['machine.board is "vax"; it must be one of pc, rpi4']);
});

test('a display has large buffers, and only a disk has page cache to write, one of all', () => {
  const display = { ...deviceWith({ name: 'vc4', kind: 'vc4' }) };
  const sizes = [{ bytes: 35_651_584, weight: 1 }];
  expect(faultsOf({ devices: [{ ...display, sizes, maySleep: true }] })).toEqual([]);
  expect(device({ sizes })).toHaveLength(1);
  expect(device({ maySleep: 'yes' })).toEqual([
    'devices[0].maySleep is "yes"; it must be true or false',
  ]);
  expect(network({ writeback: true })).toEqual([
    'devices[0].writeback is true; only a disk has page cache to write',
  ]);
  const disks = ['a', 'b'].map((name) => deviceWith({ name, writeback: true }));
  expect(faultsOf({ devices: disks })).toEqual([
    'devices[1].writeback is true; one device at most writes the page cache',
  ]);
  const checked = checkScenario({ ...good, devices: [disks[0]] });
  expect(checked.kind === 'ok' && checked.scenario.devices[0]?.writeback).toBe(true);
});
