import { afterEach, expect, test } from 'vitest';
import { REPORT } from '../engine/frame.ts';
import { NO_THROTTLE, type Scenario } from '../engine/scenario.ts';
import { shadowScenario } from '../engine/shadow.ts';
import { createSimulation } from '../engine/create-simulation.ts';
import { POLICY_IDS, type PolicyId } from '../model/throttle-policies.ts';
import { bytesOfLines, headerLine, mapLine } from '../testing/recording-text.ts';
import { deviceWith, scenarioWith } from '../testing/run-builder.ts';
import { Bench } from './host-bench.ts';
import { openRecording } from './open-recording.ts';
import type { Command } from './protocol.ts';
import type { OpenRecording } from './recording-opener.ts';

afterEach(() => Bench.closeAll());

const MS = 1e6;
/** A load too large for its pool: what it comes to depends on the policy. */
const scenario: Scenario = {
  ...scenarioWith(
    [deviceWith({ sizes: [{ bytes: 65_536, weight: 1 }], latencyUs: 1500, readShare: 1 })],
    { commandLine: 'swiotlb=1024,2,force' },
  ),
  throttle: { ...NO_THROTTLE, policy: 'rfc' },
};
const load = (play: boolean, changes: Partial<Scenario> = {}): Command => ({
  kind: 'load',
  scenario: { ...scenario, ...changes },
  play,
});
const speed = (factor: number): Command => ({ kind: 'speed', speed: { kind: 'time', factor } });
const shadow = (policy: PolicyId | null): Command => ({
  kind: 'shadow',
  beside: policy === null ? null : { kind: 'policy', policy },
});

/** The figure of the shadow in the last frame. */
const shadowFigure = ({ frame }: Bench, field: keyof typeof REPORT) =>
  frame.report(1, REPORT[field]);
const lagNs = (bench: Bench) => bench.head('timeNs') - bench.head('shadowTimeNs');

test('nothing runs beside a run that was not told so', async () => {
  const bench = new Bench();
  await bench.command(load(true), speed(0.1));
  await bench.pass(32);
  expect(bench.last('shadowed')).toEqual({ kind: 'shadowed', serial: 1, beside: null });
  expect(bench.head('hasShadow')).toBe(0);
});

test('a policy chosen while the run is paused is brought up to its moment and shown there', async () => {
  const bench = new Bench();
  await bench.command(load(false, { openAtMs: 60 }));
  await bench.pass(32);
  await bench.command(shadow('none'));
  await bench.pass(64);
  expect(bench.last('shadowed').beside).toEqual({ kind: 'policy', policy: 'none' });
  expect([bench.state, bench.head('timeNs'), lagNs(bench)]).toEqual(['paused', 60 * MS, 0]);
  const alone = createSimulation(
    shadowScenario({ ...scenario, openAtMs: 60 }, { kind: 'policy', policy: 'none' }),
  );
  alone.runUntil(60 * MS, Infinity);
  expect(shadowFigure(bench, 'failedMaps')).toBe(alone.ledger.failedMaps);
  expect(shadowFigure(bench, 'maps')).toBe(alone.ledger.maps);
  expect(POLICY_IDS[shadowFigure(bench, 'policy')]).toBe('none');
});

test('once it is there it goes with the run, controls and all', async () => {
  const bench = new Bench();
  await bench.command(load(true), speed(0.1), shadow('wake-all'));
  await bench.pass(160);
  expect(bench.head('timeNs')).toBeGreaterThan(10 * MS);
  expect(lagNs(bench)).toBe(0);
  await bench.command({ kind: 'device', device: 0, control: 'ratePerSecond', value: 0 });
  await bench.pass(400);
  const done = shadowFigure(bench, 'done');
  await bench.pass(160);
  expect(shadowFigure(bench, 'done')).toBe(done);
  expect(lagNs(bench)).toBe(0);
});

test('the run is the same with something beside it and without', async () => {
  const hashes: string[] = [];
  for (const policy of [null, 'timeout-grow'] as const) {
    const bench = new Bench();
    await bench.command(load(true), speed(0.1));
    await bench.pass(32);
    await bench.command(shadow(policy));
    await bench.pass(96);
    await bench.command({ kind: 'pause' }, { kind: 'hash', id: 1 });
    hashes.push(bench.last('hash').hash);
  }
  expect(hashes[0]).toBe(hashes[1]);
});

test('on a machine that cannot keep up commands are heard, and frames say how far it has come', async () => {
  const bench = new Bench();
  await bench.command(load(false, { lengthMs: 3_600_000, openAtMs: 200 }));
  await bench.pass(64);
  bench.clock.lookMs = 4;
  await bench.command(shadow('none'));
  await bench.pass(32);
  expect(lagNs(bench)).toBeGreaterThan(0);
  const before = bench.head('shadowTimeNs');
  await bench.command({ kind: 'play' }, speed(1), { kind: 'hash', id: 4 });
  expect(bench.last('hash').id).toBe(4);
  await bench.pass(64);
  expect(bench.head('shadowTimeNs')).toBeGreaterThan(before);
  await bench.command({ kind: 'pause' });
  bench.clock.lookMs = 0;
  await bench.pass(320);
  expect([bench.state, lagNs(bench)]).toEqual(['paused', 0]);
});

test('a scenario may want a policy beside it from the start', async () => {
  const bench = new Bench();
  await bench.command(load(true, { beside: { kind: 'policy', policy: 'none' }, openAtMs: 20 }));
  expect(bench.last('shadowed').beside).toEqual({ kind: 'policy', policy: 'none' });
  await bench.pass(64);
  expect(bench.head('hasShadow')).toBe(1);
  expect(lagNs(bench)).toBe(0);
});

test('a restart keeps what runs beside; another load drops it', async () => {
  const bench = new Bench();
  await bench.command(load(true), speed(0.1), shadow('wake-any'));
  await bench.pass(48);
  await bench.command({ kind: 'restart' });
  expect(bench.last('shadowed')).toEqual({
    kind: 'shadowed',
    serial: 2,
    beside: { kind: 'policy', policy: 'wake-any' },
  });
  await bench.pass(32);
  expect([bench.head('serial'), bench.head('hasShadow'), lagNs(bench)]).toEqual([2, 1, 0]);
  await bench.command(load(true));
  expect(bench.last('shadowed').beside).toBeNull();
  await bench.pass(32);
  expect(bench.head('hasShadow')).toBe(0);
});

test('nothing beside it any more is what null says', async () => {
  const bench = new Bench();
  await bench.command(load(false), shadow('none'));
  await bench.pass(32);
  await bench.command(shadow(null));
  await bench.pass(32);
  expect(bench.last('shadowed').beside).toBeNull();
  expect(bench.head('hasShadow')).toBe(0);
});

/** Lets time pass until something is so: reading a file takes what it takes. */
async function passUntil(bench: Bench, isSo: () => boolean): Promise<void> {
  for (let screen = 0; screen < 20 && !isSo(); screen++) await bench.pass(16);
}

const recordingBeside = (bench: Bench) => bench.last('shadowed').beside?.kind === 'recording';

/** A recording of a map at 1 s of its clock, and of another one 5 ms later. */
const recording = () =>
  bytesOfLines([
    headerLine(),
    mapLine(1, 0, [[2, 1, 0, 0, 0]], { t: 1 }),
    mapLine(3, 1, [[4, 1.005, 0, 1, 1]], { t: 1.005 }),
  ]);
const besideIt = (bytes: Uint8Array): Command => ({
  kind: 'shadow-replay',
  name: 'two-maps',
  bytes: Uint8Array.from(bytes).buffer,
});

test('a recording runs beside a scenario at the same clock, to its own end', async () => {
  const bench = new Bench(openRecording);
  await bench.command(load(true), speed(0.01), besideIt(recording()));
  await passUntil(bench, () => recordingBeside(bench));
  await bench.pass(16);
  expect(bench.last('shadowed').beside).toEqual({ kind: 'recording', name: 'two-maps' });
  expect(bench.head('timeNs')).toBeLessThan(5 * MS);
  expect(lagNs(bench)).toBe(0);
  expect(shadowFigure(bench, 'maps')).toBe(1);
  await bench.command(speed(0.1));
  await bench.pass(160);
  expect(bench.head('shadowTimeNs')).toBe(5 * MS);
  expect(bench.head('shadowEndNs')).toBe(5 * MS);
  expect(shadowFigure(bench, 'maps')).toBe(2);
  await bench.command({ kind: 'restart' });
  expect(bench.last('shadowed')).toMatchObject({ serial: 2, beside: { name: 'two-maps' } });
  await bench.pass(16);
  expect(bench.head('shadowTimeNs')).toBeLessThan(5 * MS);
});

test('a recording that cannot be read is refused in its own words, and what ran there stays', async () => {
  const bench = new Bench(openRecording);
  await bench.command(load(true), shadow('none'));
  await bench.command(besideIt(bytesOfLines([{ not: 'a recording' }])));
  await passUntil(bench, () => bench.all('refused').length > 0);
  await bench.pass(16);
  expect(bench.last('refused')).toMatchObject({ command: 'shadow-replay' });
  expect(bench.last('refused').sentence).toMatch(/^Line 1/);
  expect(bench.head('hasShadow')).toBe(1);
  expect(bench.last('shadowed').beside).toEqual({ kind: 'policy', policy: 'none' });
});

test('beside a recording nothing else can run', async () => {
  const bench = new Bench(openRecording);
  const bytes = Uint8Array.from(recording()).buffer;
  await bench.command({ kind: 'replay', name: 'two', bytes });
  await passUntil(bench, () => bench.all('loaded').length > 0);
  await bench.command(shadow('none'), besideIt(recording()), shadow(null));
  expect(bench.all('refused')).toEqual([
    {
      kind: 'refused',
      command: 'shadow',
      sentence:
        'A recording is what one kernel did once: it cannot be run again with something changed.',
    },
    {
      kind: 'refused',
      command: 'shadow-replay',
      sentence: 'Nothing runs beside a recording: open a scenario first.',
    },
  ]);
  await bench.pass(32);
  expect(bench.head('hasShadow')).toBe(0);
});

/** Opens nothing before `gate` says so. */
function openedLate(gate: EventTarget): OpenRecording {
  return async (...asked) => {
    await new Promise((resolve) => {
      gate.addEventListener('open', resolve);
    });
    return openRecording(...asked);
  };
}

test('a recording that is ready too late is dropped, one that was read over a restart is not', async () => {
  for (const [command, name] of [
    [shadow('rfc'), undefined],
    [load(true), undefined],
    [{ kind: 'restart' }, 'two-maps'],
  ] as const) {
    const gate = new EventTarget();
    const bench = new Bench(openedLate(gate));
    await bench.command(load(true), besideIt(recording()), command);
    gate.dispatchEvent(new Event('open'));
    await passUntil(bench, () => recordingBeside(bench));
    const { beside } = bench.last('shadowed');
    expect(beside?.kind === 'recording' ? beside.name : undefined).toBe(name);
    expect(bench.all('refused')).toEqual([]);
  }
});

test('what falls over beside a run is told of and dropped; the run goes on', async () => {
  const run = createSimulation(scenario);
  run.runUntil = () => {
    throw new RangeError('no mapping begins at 7');
  };
  const bench = new Bench(() => Promise.resolve({ kind: 'ok', open: () => run }));
  await bench.command(load(true), speed(0.1), besideIt(recording()));
  await passUntil(bench, () => bench.all('refused').length > 0);
  expect(bench.all('refused')).toEqual([
    {
      kind: 'refused',
      command: 'shadow',
      sentence:
        'What ran beside this run stopped because something in it does not add up (no mapping begins at 7).',
    },
  ]);
  expect(bench.last('shadowed').beside).toBeNull();
  expect(bench.state).toBe('playing');
  const before = bench.head('timeNs');
  await bench.pass(32);
  expect(bench.head('timeNs')).toBeGreaterThan(before);
});

test('commands of this kind need something to be loaded', async () => {
  const bench = new Bench(openRecording);
  await bench.command(shadow('none'), besideIt(recording()));
  expect(bench.all('refused').map(({ sentence }) => sentence)).toEqual([
    'Nothing is loaded.',
    'Nothing is loaded.',
  ]);
});
