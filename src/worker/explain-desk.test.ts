/** Searches explained, over the port. */
import { afterEach, beforeAll, expect, test } from 'vitest';
import { createSimulation } from '../engine/create-simulation.ts';
import { slotStory } from '../engine/slot-story.ts';
import { deviceWith, networkWith, scenarioWith } from '../testing/run-builder.ts';
import { Bench } from './host-bench.ts';
import type { Command, ExplainAsk } from './protocol.ts';

beforeAll(async () => void (await import('./explain-desk.ts')));
afterEach(() => Bench.closeAll());

const scenario = scenarioWith([deviceWith(), networkWith()]);
const load: Command = { kind: 'load', scenario: { ...scenario, openAtMs: 40 }, play: false };
const explain = (id: number, ask: ExplainAsk | null): Command => ({ kind: 'explain', id, ask });

async function opened(): Promise<Bench> {
  const bench = new Bench();
  await bench.command(load);
  await bench.pass(64);
  return bench;
}

/** A mapping that is live when the bench stands. */
function mappingOf(bench: Bench) {
  const run = createSimulation(scenario);
  run.runUntil(bench.head('timeNs'), Infinity);
  for (let slot = 0; slot < 512; slot++) {
    const mapping = slotStory(run, { pool: 0, slot })?.mapping;
    if (mapping) return mapping;
  }
  throw new Error('nothing is mapped');
}

test('a request is answered at once, and the run stays as it is', async () => {
  const bench = await opened();
  await bench.command({ kind: 'hash', id: 1 });
  const { hash } = bench.last('hash');
  await bench.command(
    explain(5, { kind: 'request', device: 0, cpu: 0, orig: 4096, size: 8192, pages: false }),
  );
  await bench.pass(16);
  const { id, explained } = bench.last('explained');
  expect(id).toBe(5);
  expect(explained).toMatchObject({ kind: 'search', when: 'now', disagreement: null });
  await bench.command({ kind: 'hash', id: 2 });
  expect(bench.last('hash').hash).toBe(hash);
});

test('a mapping is looked back at in slices, with progress told', async () => {
  const bench = await opened();
  bench.clock.lookMs = 25;
  const mapping = mappingOf(bench);
  await bench.command(explain(6, { kind: 'mapping', serial: mapping.id, atNs: mapping.mappedNs }));
  for (let turn = 0; turn < 400 && bench.all('explained').length === 0; turn++)
    await bench.pass(16);
  expect(bench.last('explained')).toMatchObject({
    id: 6,
    explained: { kind: 'search', when: 'then', slot: mapping.first, disagreement: null },
  });
  const told = bench.all('explaining').map(({ progress }) => progress);
  expect(told.length).toBeGreaterThan(1);
  expect(told).toEqual(told.toSorted((one, other) => one - other));
});

test('asked for nothing, or for something else, the look back ends', async () => {
  const bench = await opened();
  bench.clock.lookMs = 2;
  const mapping = mappingOf(bench);
  const ask = { kind: 'mapping', serial: mapping.id, atNs: mapping.mappedNs } as const;
  await bench.command(explain(7, ask));
  await bench.pass(16);
  await bench.command(explain(8, null));
  const told = bench.all('explaining').length;
  await bench.pass(200);
  expect(bench.all('explained')).toEqual([]);
  expect(bench.all('explaining')).toHaveLength(told);
  await bench.command(explain(9, ask), load);
  await bench.pass(200);
  expect(bench.all('explained')).toEqual([]);
});

test('a device that is not there gets its sentence', async () => {
  const bench = await opened();
  await bench.command(
    explain(3, { kind: 'request', device: 9, cpu: 0, orig: 0, size: 1, pages: false }),
  );
  await bench.pass(16);
  expect(bench.last('explained').explained).toEqual({
    kind: 'none',
    sentence: 'There is no device 9 in this run.',
  });
});
