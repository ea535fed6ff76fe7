import { afterEach, expect, test } from 'vitest';
import type { Scenario } from '../engine/scenario.ts';
import { createSimulation } from '../engine/create-simulation.ts';
import { stateHash } from '../engine/state-hash.ts';
import { deviceWith, networkWith, scenarioWith } from '../testing/run-builder.ts';
import { Bench } from './host-bench.ts';
import type { Command } from './protocol.ts';

afterEach(() => Bench.closeAll());

const MS = 1e6;
const scenario: Scenario = { ...scenarioWith([deviceWith(), networkWith()]), lengthMs: 400 };
const speed: Command = { kind: 'speed', speed: { kind: 'time', factor: 0.5 } };
const eventAt = (event: number): Command => ({ kind: 'seek', to: 'event', event });
const timeAt = (timeNs: number): Command => ({ kind: 'seek', to: 'time', timeNs });

/** A run that was played for a while, and stands; its past is there. */
async function played(wallMs = 160): Promise<Bench> {
  const bench = new Bench();
  await bench.command({ kind: 'load', scenario, play: true }, speed);
  await bench.pass(wallMs);
  await bench.command({ kind: 'pause' });
  await expect
    .poll(async () => {
      await bench.pass(32);
      return bench.all('place').length;
    })
    .toBeGreaterThan(0);
  return bench;
}

/** What a run comes to that is played there by itself. */
function aloneAt(event: number, control?: { readonly event: number; readonly depth: number }) {
  const alone = createSimulation(scenario);
  while (alone.event < event) {
    if (control?.event === alone.event) {
      const { depth: value } = control;
      alone.apply({ kind: 'device', device: 0, control: 'depth', value });
    }
    alone.step();
  }
  return `${stateHash(alone)}-${alone.streamHash}`;
}

async function hash(bench: Bench): Promise<string> {
  await bench.command({ kind: 'hash', id: 1 });
  return bench.last('hash').hash;
}

test('a run that was played before its past was there has one from its beginning', async () => {
  const bench = await played();
  const end = bench.last('place').endEvent;
  expect(end).toBeGreaterThan(100);
  for (const event of [end - 1, 7, 0, 60]) {
    await bench.command(eventAt(event));
    await bench.pass(32);
    expect(bench.head('event')).toBe(event);
    expect(await hash(bench)).toBe(aloneAt(event));
    expect(bench.last('place')).toMatchObject({ event, endEvent: end });
  }
});

test('a step back shows the state before, and a step forward the one behind', async () => {
  const bench = await played();
  const event = bench.head('event');
  const back: Command = { kind: 'move', grain: 'event', direction: -1 };
  await bench.command(back);
  await bench.pass(32);
  // From behind an event one comes to it first.
  const first = bench.head('event');
  expect([event, event - 1]).toContain(first);
  await bench.command(back, back);
  await bench.pass(32);
  expect(bench.head('event')).toBe(first - 2);
  expect(await hash(bench)).toBe(aloneAt(first - 2));
  await bench.command({ kind: 'step' });
  await bench.pass(32);
  expect(bench.head('event')).toBe(first - 1);
  expect(await hash(bench)).toBe(aloneAt(first - 1));
});

test('going somewhere pauses, the newest target counts, and the timeline keeps its length', async () => {
  const bench = await played();
  const { endNs } = bench.last('place');
  await bench.command({ kind: 'play' }, timeAt(20 * MS), timeAt(3 * MS), timeAt(9 * MS));
  await bench.pass(64);
  expect(bench.state).toBe('paused');
  expect(bench.head('timeNs')).toBe(9 * MS);
  expect(bench.head('knownNs')).toBeGreaterThanOrEqual(endNs);
  await bench.command({ kind: 'seek', to: 'end' });
  await bench.pass(32);
  expect(bench.head('timeNs')).toBeGreaterThanOrEqual(endNs);
});

test('the log and the controls go back with the run', async () => {
  const bench = await played();
  const { event } = bench.last('place');
  await bench.command({ kind: 'device', device: 0, control: 'depth', value: 3 });
  await bench.pass(32);
  await bench.command(eventAt(10));
  await bench.pass(32);
  const [before] = scenario.devices;
  expect(bench.last('moved').machine.devices[0]?.spec?.depth).toBe(before?.depth);
  await bench.command({ kind: 'seek', to: 'end' });
  await bench.pass(32);
  expect(bench.last('moved').machine.devices[0]?.spec?.depth).toBe(3);
  expect(bench.head('event')).toBe(event);
});

test('a change in the past begins a branch, and the other one can be gone back to', async () => {
  const bench = await played();
  const { endEvent } = bench.last('place');
  const before = await hash(bench);
  await bench.command(eventAt(40));
  await bench.pass(32);
  await bench.command({ kind: 'device', device: 0, control: 'depth', value: 2 });
  await bench.pass(32);
  expect(bench.last('forked')).toMatchObject({ from: 'Run 1', to: 'Run 2' });
  expect(bench.last('pasts').lines.map(({ id }) => id)).toEqual([1]);
  await bench.command({ kind: 'step' }, { kind: 'step' });
  await bench.pass(32);
  expect(await hash(bench)).toBe(aloneAt(42, { event: 40, depth: 2 }));
  await bench.command({ kind: 'branch', act: 'switch', id: 1 });
  await bench.pass(32);
  expect(bench.last('place').branches.map(({ isCurrent }) => isCurrent)).toEqual([true, false]);
  await bench.command({ kind: 'seek', to: 'end' });
  await bench.pass(32);
  expect(bench.head('event')).toBe(endEvent);
  expect(await hash(bench)).toBe(before);
  await bench.command({ kind: 'branch', act: 'rename', id: 2, name: 'Shallow' });
  await bench.command({ kind: 'branch', act: 'delete', id: 1 });
  await bench.pass(32);
  expect(bench.last('refused').sentence).toContain('switch to another one first');
  expect(bench.last('place').branches.map(({ name }) => name)).toEqual(['Run 1', 'Shallow']);
  await bench.command({ kind: 'branch', act: 'delete', id: 2 });
  await bench.pass(32);
  expect(bench.last('place').branches).toHaveLength(1);
});

test('steps go from one thing worth seeing to the next, also beyond what was played', async () => {
  const bench = await played();
  await bench.command(eventAt(0));
  await bench.pass(32);
  const visited: number[] = [];
  for (let step = 0; step < 3; step++) {
    await bench.command({ kind: 'move', grain: 'interesting', direction: 1 });
    await bench.pass(64);
    visited.push(bench.head('event'));
    expect(bench.last('place').moments).toBeGreaterThan(0);
  }
  expect(visited.toSorted((one, other) => one - other)).toEqual(visited);
  await bench.command({ kind: 'move', grain: 'interesting', direction: -1 });
  await bench.pass(64);
  expect(bench.head('event')).toBe(visited[1]);
});

test('a part that cannot be fetched is one sentence, and the run goes on', async () => {
  const bench = new Bench(undefined, undefined, () => Promise.reject(new Error('offline')));
  await bench.command({ kind: 'load', scenario, play: true }, speed);
  await bench.pass(64);
  await bench.command(eventAt(0));
  await bench.pass(64);
  await bench.command(eventAt(0));
  expect(bench.last('refused')).toMatchObject({ command: 'seek' });
  expect(bench.last('refused').sentence).toContain('could not be loaded');
  expect(bench.state).toBe('playing');
});
