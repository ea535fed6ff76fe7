import { afterEach, beforeEach, expect, test } from 'vitest';
import { guestPages, type MakePages } from '../engine/guest-memory.ts';
import type { Scenario } from '../engine/scenario.ts';
import type { PolicyId } from '../model/throttle-policies.ts';
import { deviceWith, machineWith, scenarioWith } from '../testing/run-builder.ts';
import { Bench } from './host-bench.ts';
import type { Command } from './protocol.ts';

const fixed: Scenario = { ...scenarioWith([deviceWith()]), id: 'fixed' };
const growing: Scenario = { ...fixed, id: 'growing', machine: machineWith({ dynamic: true }) };
const load = (scenario: Scenario): Command => ({ kind: 'load', scenario, play: false });
const shadow = (policy: PolicyId): Command => ({
  kind: 'shadow',
  beside: { kind: 'policy', policy },
});
const REFUSAL =
  'This could not be done: this machine needs the page allocator, a part of this page that could not be loaded.';

/** Fetching that ends when the test says so. */
let answers: { give: (make: MakePages) => void; fail: () => void }[] = [];
let bench: Bench;

beforeEach(() => {
  answers = [];
  bench = new Bench(
    undefined,
    () =>
      new Promise((resolve, reject) => {
        answers.push({ give: resolve, fail: () => reject(new Error('offline')) });
      }),
  );
});
afterEach(() => Bench.closeAll());

/** Ends the fetching under way, and lets what follows come through. */
async function fetched(isThere: boolean): Promise<void> {
  const answer = answers.pop();
  if (isThere) answer?.give(guestPages);
  else answer?.fail();
  await bench.settle();
  await bench.pass(32);
}

const running = () => bench.all('loaded').map(({ scenario }) => scenario?.id);

test('a machine that does not grow needs nothing fetched', async () => {
  await bench.command(load(fixed));
  expect([running(), answers.length]).toEqual([['fixed'], 0]);
});

test('a machine that grows comes when its memory can be made; until then the last one stays', async () => {
  await bench.command(load(fixed));
  await bench.command(load(growing), { kind: 'play' });
  await bench.pass(64);
  expect([running(), bench.head('serial'), bench.state]).toEqual([['fixed'], 1, 'playing']);
  expect(bench.head('timeNs')).toBeGreaterThan(0);
  await fetched(true);
  expect([running(), bench.head('serial')]).toEqual([['fixed', 'growing'], 2]);
  expect(bench.last('growth').buddyinfo).toContain('zone');
});

test('it is fetched once', async () => {
  await bench.command(load(growing));
  await fetched(true);
  await bench.command(load(fixed), load(growing), { kind: 'restart' });
  expect(running()).toEqual(['growing', 'fixed', 'growing', 'growing']);
  expect(answers).toEqual([]);
});

test('where it cannot be had, that is said, and the last machine goes on', async () => {
  await bench.command(load(fixed), load(growing));
  await fetched(false);
  expect(bench.last('refused')).toEqual({ kind: 'refused', command: 'load', sentence: REFUSAL });
  expect(running()).toEqual(['fixed']);
  await bench.command(load(growing));
  await fetched(true);
  expect(running()).toEqual(['fixed', 'growing']);
});

test('what was asked for since is not pushed away', async () => {
  await bench.command(load(growing), load(fixed));
  await fetched(true);
  expect(running()).toEqual(['fixed']);
  await bench.command(load({ ...growing, id: 'again' }));
  expect(running()).toEqual(['fixed', 'again']);
});

test('a policy that makes pools runs beside a machine that has none when it can', async () => {
  await bench.command(load(fixed), shadow('timeout-grow'));
  expect(bench.last('shadowed').beside).toBeNull();
  await fetched(true);
  expect(bench.last('shadowed').beside).toEqual({ kind: 'policy', policy: 'timeout-grow' });
  expect(bench.head('hasShadow')).toBe(1);
});

test('where it cannot, nothing does, and why is said', async () => {
  await bench.command(load(fixed), shadow('timeout-grow'));
  await fetched(false);
  expect(bench.last('refused')).toEqual({ kind: 'refused', command: 'shadow', sentence: REFUSAL });
  expect(bench.last('shadowed').beside).toBeNull();
});

test('a choice made since is not pushed away', async () => {
  await bench.command(load(fixed), shadow('timeout-grow'));
  await bench.command(shadow('none'));
  await fetched(true);
  expect(bench.last('shadowed').beside).toEqual({ kind: 'policy', policy: 'none' });
});
