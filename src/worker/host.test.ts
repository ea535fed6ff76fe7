import { afterEach, expect, test } from 'vitest';
import type { Run } from '../engine/run.ts';
import type { Scenario } from '../engine/scenario.ts';
import { createSimulation } from '../engine/create-simulation.ts';
import { stateHash } from '../engine/state-hash.ts';
import { deviceWith, networkWith, scenarioWith } from '../testing/run-builder.ts';
import { Bench } from './host-bench.ts';
import type { Command } from './protocol.ts';

afterEach(() => Bench.closeAll());

const MS = 1e6;
const scenario: Scenario = { ...scenarioWith([deviceWith(), networkWith()]), speed: 0.1 };
const load = (play: boolean, changes: Partial<Scenario> = {}): Command => ({
  kind: 'load',
  scenario: { ...scenario, ...changes },
  play,
});
const speed = (factor: number): Command => ({ kind: 'speed', speed: { kind: 'time', factor } });

test('a scenario that is loaded is told with its machine, then shown', async () => {
  const bench = new Bench();
  await bench.command(load(false));
  expect(bench.last('loaded')).toMatchObject({
    serial: 1,
    replay: null,
    scenario: { id: 'test' },
    machine: { cpus: 2, hasPool: true, forceBounce: true, devices: [{ name: 'nvme0' }, {}] },
  });
  await bench.pass(16);
  expect(bench.state).toBe('paused');
  expect(bench.head('serial')).toBe(1);
  expect(bench.head('timeNs')).toBe(0);
  expect(bench.last('log').lines.map(({ text }) => text)).toContain('software IO TLB: area num 2.');
});

test('virtual time follows wall time at the speed chosen', async () => {
  const bench = new Bench();
  await bench.command(load(true), speed(0.1));
  await bench.pass(160);
  expect(bench.state).toBe('playing');
  expect(bench.head('timeNs')).toBeGreaterThan(13 * MS);
  expect(bench.head('timeNs')).toBeLessThanOrEqual(16 * MS);
  await bench.command({ kind: 'pause' });
  await bench.pass(32);
  const { timeNs } = { timeNs: bench.head('timeNs') };
  await bench.pass(100);
  expect(bench.head('timeNs')).toBe(timeNs);
  expect(bench.state).toBe('paused');
});

test('what was played is what a simulation alone comes to', async () => {
  const bench = new Bench();
  await bench.command(load(true), speed(0.1));
  await bench.pass(160);
  await bench.command({ kind: 'pause' }, { kind: 'hash', id: 9 });
  await bench.pass(16);
  const alone = createSimulation(scenario);
  alone.runUntil(bench.head('timeNs'), Infinity);
  expect(bench.last('hash')).toEqual({
    kind: 'hash',
    id: 9,
    hash: `${stateHash(alone)}-${alone.streamHash}`,
  });
});

test('the first picture comes when the opening moment is reached, however long that takes', async () => {
  const bench = new Bench();
  await bench.command(load(false, { openAtMs: 150 }));
  expect(bench.all('loaded')).toHaveLength(1);
  await bench.pass(32);
  expect(bench.head('timeNs')).toBe(150 * MS);
  expect(bench.all('frame')).toHaveLength(1);
  expect(bench.state).toBe('paused');
});

test('a machine too slow to reach the opening moment shows what it has', async () => {
  const bench = new Bench();
  bench.clock.lookMs = 20;
  await bench.command(load(false, { openAtMs: 200 }));
  await bench.pass(1600);
  expect(bench.all('frame').length).toBeGreaterThan(0);
  expect(bench.head('timeNs')).toBeGreaterThan(0);
  expect(bench.head('timeNs')).toBeLessThan(200 * MS);
});

test('one step is one event', async () => {
  const bench = new Bench();
  await bench.command(load(false));
  await bench.pass(16);
  await bench.command({ kind: 'step' });
  await bench.pass(16);
  expect(bench.head('event')).toBe(1);
  await bench.command({ kind: 'step' }, { kind: 'step' });
  await bench.pass(16);
  expect(bench.head('event')).toBe(3);
});

test('single events come at their rate', async () => {
  const bench = new Bench();
  await bench.command(load(true), { kind: 'speed', speed: { kind: 'events', perSecond: 10 } });
  await bench.pass(1000);
  expect(bench.head('event')).toBeGreaterThanOrEqual(8);
  expect(bench.head('event')).toBeLessThanOrEqual(10);
});

test('at most one frame every 16 ms, and no more than two without an answer', async () => {
  const bench = new Bench();
  bench.handsBack = false;
  await bench.command(load(true), speed(0.1));
  await bench.pass(320);
  expect(bench.all('frame')).toHaveLength(2);
  const { buffer } = bench.last('frame');
  await bench.command({ kind: 'frame', buffer });
  await bench.pass(64);
  expect(bench.all('frame')).toHaveLength(3);
});

test('a paused run sends a frame when something changed, and none otherwise', async () => {
  const bench = new Bench();
  await bench.command(load(false));
  await bench.pass(160);
  expect(bench.all('frame')).toHaveLength(1);
  await bench.command({ kind: 'colour', mode: 'age' });
  await bench.pass(160);
  expect(bench.all('frame')).toHaveLength(2);
  expect(bench.frame.shade).toHaveLength(512);
});

test('a machine that cannot keep up falls behind and says so by its clock', async () => {
  const bench = new Bench();
  await bench.command(load(true, { lengthMs: 3_600_000 }), speed(10));
  bench.clock.lookMs = 5;
  await bench.pass(200);
  expect(bench.state).toBe('playing');
  expect(bench.head('timeNs')).toBeGreaterThan(0);
  expect(bench.head('timeNs')).toBeLessThan(2000 * MS);
});

test('commands are heard between the slices of a run that is behind', async () => {
  const bench = new Bench();
  await bench.command(load(true, { lengthMs: 3_600_000 }), speed(10));
  bench.clock.lookMs = 5;
  await bench.pass(48);
  await bench.command({ kind: 'pause' });
  await bench.pass(48);
  expect(bench.state).toBe('paused');
});

test('the end is shown as the end, and playing on changes nothing', async () => {
  const bench = new Bench();
  await bench.command(load(true, { lengthMs: 5 }), speed(1));
  await bench.pass(48);
  expect(bench.state).toBe('ended');
  expect(bench.head('timeNs')).toBe(5 * MS);
  await bench.command({ kind: 'play' });
  await bench.pass(48);
  expect(bench.state).toBe('ended');
});

test('a restart begins at zero with the controls as they were set', async () => {
  const bench = new Bench();
  await bench.command(load(true, { openAtMs: 20 }), speed(0.1));
  await bench.pass(64);
  await bench.command({ kind: 'device', device: 0, control: 'depth', value: 5 });
  await bench.command({ kind: 'restart' });
  expect(bench.last('loaded').serial).toBe(2);
  expect(bench.last('loaded').scenario?.devices[0]?.depth).toBe(5);
  expect(bench.last('loaded').machine.devices[0]?.spec?.depth).toBe(5);
  await bench.pass(16);
  expect(bench.head('serial')).toBe(2);
  expect(bench.head('timeNs')).toBeLessThan(5 * MS);
  expect(bench.state).toBe('playing');
});

test('controls act on the running machine', async () => {
  const bench = new Bench();
  await bench.command(load(true), speed(1));
  await bench.pass(32);
  for (const device of [0, 1]) {
    await bench.command({ kind: 'device', device, control: 'ratePerSecond', value: 0 });
  }
  await bench.pass(48);
  const maps = bench.head('maps');
  await bench.pass(48);
  expect(bench.head('maps')).toBe(maps);
});

test('debugfs takes a write of 0 to the high-water mark and refuses the rest', async () => {
  const bench = new Bench();
  await bench.command(load(false, { openAtMs: 20 }));
  await bench.pass(16);
  expect(bench.head('hiwater')).toBeGreaterThan(0);
  await bench.command({ kind: 'write', id: 7, file: 'io_tlb_used_hiwater', text: '1' });
  expect(bench.last('written')).toEqual({
    kind: 'written',
    id: 7,
    sentence: 'sh: write error: Invalid argument',
  });
  await bench.command({ kind: 'write', id: 7, file: 'io_tlb_used_hiwater', text: '0' });
  await bench.pass(16);
  expect(bench.head('hiwater')).toBe(0);
  expect(bench.last('written').sentence).toBeNull();
});

test('a slot that is hovered, pinned or looked at closely is told at once and with every frame', async () => {
  const bench = new Bench();
  await bench.command(load(true, { openAtMs: 5 }), speed(0.1));
  await bench.pass(16);
  await bench.command(
    { kind: 'hover', at: { pool: 0, slot: 0 } },
    { kind: 'pin', at: { pool: 0, slot: 300 } },
    { kind: 'detail', from: { pool: 0, slot: 0 }, count: 8 },
  );
  expect(bench.last('hovered').story).toMatchObject({ at: { pool: 0, slot: 0 }, area: 0 });
  expect(bench.last('pinned').story).toMatchObject({ area: 1 });
  expect(bench.last('detail').detail?.list).toHaveLength(8);
  const told = bench.all('hovered').length;
  await bench.pass(48);
  expect(bench.all('hovered').length).toBeGreaterThan(told);
  await bench.command({ kind: 'hover', at: null });
  expect(bench.last('hovered').story).toBeNull();
  const after = bench.all('hovered').length;
  await bench.pass(48);
  expect(bench.all('hovered')).toHaveLength(after);
});

test('bad commands are answered one by one and nothing is lost', async () => {
  const bench = new Bench();
  await bench.command(load(false, { openAtMs: 20 }), { kind: 'hash', id: 1 });
  await bench.pass(16);
  await bench.command({ kind: 'hash', id: 2 });
  await bench.send(
    null,
    { kind: 'explode' },
    { kind: 'load', scenario: { ...scenario, seed: 'x' }, play: true },
    { kind: 'device', device: 7, control: 'depth', value: 1 },
    { kind: 'device', device: 0, control: 'depth', value: 0.5 },
    { kind: 'frame', buffer: new ArrayBuffer(8) },
    { kind: 'speed', speed: { kind: 'time', factor: -1 } },
  );
  expect(bench.all('refused').map(({ command }) => command)).toEqual([
    'unknown',
    'unknown',
    'load',
    'device',
    'device',
    'frame',
    'speed',
  ]);
  await bench.command({ kind: 'hash', id: 3 });
  expect(bench.last('hash').hash).toBe(bench.all('hash').at(-2)?.hash);
});

test('commands that need a machine are refused before one is loaded', async () => {
  const bench = new Bench();
  await bench.command({ kind: 'play' }, { kind: 'hash', id: 1 }, { kind: 'hover', at: null });
  expect(bench.all('refused').map(({ sentence }) => sentence)).toEqual([
    'Nothing is loaded.',
    'Nothing is loaded.',
    'Nothing is loaded.',
  ]);
});

test('colour and speed set before the load are kept', async () => {
  const bench = new Bench();
  await bench.command({ kind: 'colour', mode: 'request' }, speed(1), load(true));
  await bench.pass(32);
  expect(bench.frame.shade).toHaveLength(512);
  expect(bench.head('timeNs')).toBeGreaterThan(10 * MS);
});

test('a second load replaces the first; its frames carry the new serial', async () => {
  const bench = new Bench();
  await bench.command(load(true), speed(0.1));
  await bench.pass(32);
  await bench.command(load(true, { id: 'other' }));
  await bench.pass(32);
  expect(bench.last('loaded')).toMatchObject({ serial: 2, scenario: { id: 'other' } });
  expect(bench.head('serial')).toBe(2);
});

/** A run that stands at a difference after its third event, as a replay would. */
function differingRun(): Run {
  const simulation = createSimulation(scenario);
  let passed = false;
  const atDifference = () => !passed && simulation.event >= 3;
  const difference = {
    line: 5,
    event: 3,
    expected: 'slot 1',
    got: 'slot 2',
    kernelAt: null,
    modelAt: null,
  };
  const summary = { name: 'bad.jsonl', kernel: '6.12.117', decisions: 9, events: 9, remarks: [] };
  const step = () => !atDifference() && simulation.step();
  const overrides: Partial<Run> = {
    step,
    runUntil: (timeNs, most) => {
      let handled = 0;
      while (handled < most && simulation.nextTimeNs() <= timeNs && step()) handled++;
      return handled;
    },
    verdict: {
      summary,
      adopted: 0,
      racyReads: 0,
      stepPast: () => {
        passed = true;
      },
      get decisions() {
        return simulation.event;
      },
      get differences() {
        return simulation.event >= 3 ? 1 : 0;
      },
      get difference() {
        return atDifference() ? difference : null;
      },
    },
  };
  return overridden(simulation, overrides);
}

/** A run in which some things are otherwise. */
function overridden(run: Run, overrides: Partial<Run>): Run {
  return new Proxy<Run>(run, {
    get: (target, key) => {
      const from = key in overrides ? overrides : target;
      const value: unknown = Reflect.get(from, key, from);
      return typeof value === 'function' ? value.bind(from) : value;
    },
  });
}

function fallOver(): never {
  throw new RangeError('no mapping begins at 7');
}

/** A run whose invariants do not hold: reading `what` throws. */
function brokenRun(what: 'runUntil' | 'ledger'): Run {
  const overrides: Partial<Run> =
    what === 'runUntil'
      ? { runUntil: fallOver }
      : {
          get ledger() {
            return fallOver();
          },
        };
  return overridden(createSimulation(scenario), overrides);
}

test('a recording is opened with progress, told, and stops at a difference until stepped past', async () => {
  const bench = new Bench(async (_name, bytes, progress) => {
    await progress(bytes.byteLength, bytes.byteLength);
    return { kind: 'ok', open: differingRun };
  });
  await bench.command({ kind: 'replay', name: 'bad.jsonl', bytes: new ArrayBuffer(16) });
  await bench.pass(16);
  expect(bench.last('progress')).toEqual({ kind: 'progress', done: 16, total: 16 });
  expect(bench.last('loaded')).toMatchObject({ scenario: null, replay: { name: 'bad.jsonl' } });
  await bench.command(speed(1), { kind: 'play' });
  await bench.pass(32);
  expect(bench.state).toBe('difference');
  expect(bench.last('difference').difference).toMatchObject({ line: 5, expected: 'slot 1' });
  expect([bench.head('decisions'), bench.head('differences')]).toEqual([3, 1]);
  await bench.command({ kind: 'play' });
  await bench.pass(32);
  expect(bench.head('event')).toBe(3);
  await bench.command({ kind: 'step-past' });
  await bench.pass(16);
  expect(bench.last('difference').difference).toBeNull();
  expect(bench.state).toBe('paused');
  await bench.command({ kind: 'play' });
  await bench.pass(32);
  expect(bench.head('event')).toBeGreaterThan(3);
});

test('nothing in a recording can be changed', async () => {
  const bench = new Bench(() => Promise.resolve({ kind: 'ok', open: differingRun }));
  await bench.command({ kind: 'replay', name: 'a', bytes: new ArrayBuffer(1) });
  await bench.command({ kind: 'write', id: 7, file: 'io_tlb_used_hiwater', text: '0' });
  expect(bench.last('written').sentence).toBe(
    'A recording is as it was: nothing can be changed in it.',
  );
});

test('a recording that cannot be read is refused, and the scenario goes on', async () => {
  const bench = new Bench(() => Promise.resolve({ kind: 'bad', sentence: 'Line 3 is no JSON.' }));
  await bench.command(load(true), speed(0.1));
  await bench.pass(32);
  await bench.command({ kind: 'replay', name: 'a', bytes: new ArrayBuffer(1) });
  expect(bench.last('refused')).toMatchObject({
    command: 'replay',
    sentence: 'Line 3 is no JSON.',
  });
  const before = bench.head('timeNs');
  await bench.pass(32);
  expect(bench.head('timeNs')).toBeGreaterThan(before);
});

test('an exception while a recording is opened becomes an answer', async () => {
  const bench = new Bench(() => Promise.reject(new RangeError('index 7 outside 0..3')));
  await bench.command({ kind: 'replay', name: 'a', bytes: new ArrayBuffer(1) });
  expect(bench.last('refused')).toEqual({
    kind: 'refused',
    command: 'replay',
    sentence: 'This could not be done: index 7 outside 0..3.',
  });
});

test('a recording that is ready too late is dropped', async () => {
  const gate = new EventTarget();
  const bench = new Bench(async () => {
    await new Promise((resolve) => {
      gate.addEventListener('open', resolve);
    });
    return { kind: 'ok', open: differingRun };
  });
  await bench.command({ kind: 'replay', name: 'late', bytes: new ArrayBuffer(1) });
  await bench.command(load(false));
  gate.dispatchEvent(new Event('open'));
  await bench.settle();
  expect(bench.all('loaded')).toHaveLength(1);
  expect(bench.last('loaded').scenario?.id).toBe('test');
});

test('no progress is told of a recording that nobody waits for any more', async () => {
  const gate = new EventTarget();
  const bench = new Bench(async (_name, _bytes, progress) => {
    await new Promise((resolve) => {
      gate.addEventListener('open', resolve);
    });
    await progress(1, 2);
    return { kind: 'ok', open: differingRun };
  });
  await bench.command({ kind: 'replay', name: 'late', bytes: new ArrayBuffer(1) });
  await bench.command(load(false));
  gate.dispatchEvent(new Event('open'));
  await bench.pass(32);
  expect(bench.all('progress')).toEqual([]);
});

test('a run that falls over is told in a sentence and stands still; others are played', async () => {
  const bench = new Bench(() =>
    Promise.resolve({
      kind: 'ok',
      open: () => brokenRun('runUntil'),
    }),
  );
  await bench.command({ kind: 'replay', name: 'a', bytes: new ArrayBuffer(1) });
  await bench.command(speed(1), { kind: 'play' });
  await bench.pass(64);
  expect(bench.all('refused')).toEqual([
    {
      kind: 'refused',
      command: 'play',
      sentence:
        'This run stopped because something in it does not add up (no mapping begins at 7); it can be started again.',
    },
  ]);
  expect(bench.state).toBe('paused');
  await bench.command(load(true));
  await bench.pass(48);
  expect(bench.state).toBe('playing');
  expect(bench.head('timeNs')).toBeGreaterThan(0);
});

test('a run that cannot be shown is told of, not tried for ever', async () => {
  const bench = new Bench(() => Promise.resolve({ kind: 'ok', open: () => brokenRun('ledger') }));
  await bench.command({ kind: 'replay', name: 'a', bytes: new ArrayBuffer(1) });
  await bench.command(speed(1), { kind: 'play' });
  await bench.pass(320);
  expect(bench.all('refused').length).toBeGreaterThan(0);
  expect(bench.all('refused').length).toBeLessThan(4);
});

test('the reading of a recording ends when something else is opened, without a word', async () => {
  let reads = 0;
  const bench = new Bench(async (_name, _bytes, progress) => {
    for (; reads < 1000; reads++) await progress(reads, 1000);
    return { kind: 'ok', open: differingRun };
  });
  await bench.command({ kind: 'replay', name: 'long', bytes: new ArrayBuffer(1) });
  await bench.pass(32);
  await bench.command(load(false));
  await bench.pass(64);
  const until = reads;
  await bench.pass(64);
  expect(reads).toBe(until);
  expect(reads).toBeLessThan(1000);
  expect(bench.all('refused')).toEqual([]);
});
