import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { burstBeforeTheWorker } from '../scenarios/growing/burst-before-the-worker.ts';
import { SCENARIOS } from '../scenarios/index.ts';
import { deviceWith, networkWith, scenarioWith } from '../testing/run-builder.ts';
import { createSimulation } from './create-simulation.ts';
import { explainNow } from './explain-now.ts';
import type { Explained, ExplainedSearch } from './explained.ts';
import { LookBack, type PastAsk } from './look-back.ts';
import { NO_THROTTLE, type Scenario } from './scenario.ts';
import type { Simulation } from './simulation.ts';
import { slotStory, type MappingStory } from './slot-story.ts';
import { stateHash } from './state-hash.ts';

const MS = 1e6;

/** A pool that its load fills: with throttling some sleep, without it some fail. */
const crowded: Scenario = scenarioWith(
  [
    deviceWith({
      sizes: [{ bytes: 65_536, weight: 1 }],
      latencyUs: 1500,
      ratePerSecond: 30_000,
      readShare: 1,
    }),
    networkWith(),
  ],
  { cpus: 4, commandLine: 'swiotlb=1024,2,force' },
);

/** The answer, however long it takes. */
function told(run: Simulation, ask: PastAsk, slice = 5000): Explained {
  const look = new LookBack(run, ask);
  while (!look.advance(slice)) expect(look.progress).toBeLessThanOrEqual(1);
  if (look.answer === null) throw new Error('the look back ended without an answer');
  return look.answer;
}

function searchIn(explained: Explained): ExplainedSearch {
  if (explained.kind !== 'search') throw new Error(JSON.stringify(explained).slice(0, 300));
  return explained;
}

/** The live mappings of the run, each with the pool it lies in. */
function mappings(run: Simulation): (MappingStory & { readonly pool: number })[] {
  const found: (MappingStory & { readonly pool: number })[] = [];
  for (const pool of run.swiotlb.pools) {
    for (let slot = 0; slot < pool.nslabs;) {
      const mapping = slotStory(run, { pool: pool.id, slot })?.mapping ?? null;
      if (mapping !== null) found.push({ ...mapping, pool: pool.id });
      slot += mapping === null ? 1 : mapping.nslots;
    }
  }
  return found;
}

/** The first failure that the kernel log tells of. */
const failedNs = (run: Simulation) =>
  run.log.since(0).find(({ text }) => text.includes('buffer is full'))?.timeNs ?? -1;

describe('a look back at a mapping', () => {
  it('ends at the slot where the mapping lies, and leaves the run as it was', () => {
    const run = createSimulation(crowded);
    run.runUntil(12 * MS, Infinity);
    const before = stateHash(run) + run.streamHash;
    const [mapping] = mappings(run).slice(-1);
    if (mapping === undefined) throw new Error('nothing is mapped');
    const search = searchIn(
      told(run, { kind: 'mapping', serial: mapping.id, atNs: mapping.mappedNs }),
    );
    expect(search).toMatchObject({
      when: 'then',
      timeNs: mapping.mappedNs,
      device: mapping.device,
      pool: mapping.pool,
      slot: mapping.first,
      probes: mapping.probes,
      areas: mapping.areas,
      disagreement: null,
      request: { orig: mapping.origAddr, size: mapping.size, cpu: mapping.cpu },
    });
    expect(stateHash(run) + run.streamHash).toBe(before);
  });

  it('knows the changes that were made to the run', () => {
    const run = createSimulation(crowded);
    run.runUntil(5 * MS, Infinity);
    run.apply({ kind: 'device', device: 0, control: 'ratePerSecond', value: 60_000 });
    run.runUntil(9 * MS, Infinity);
    run.apply({ kind: 'device', device: 1, control: 'ratePerSecond', value: 90_000 });
    run.runUntil(14 * MS, Infinity);
    for (const mapping of mappings(run).slice(0, 12)) {
      const search = searchIn(
        told(run, { kind: 'mapping', serial: mapping.id, atNs: mapping.mappedNs }),
      );
      expect([search.pool, search.slot, search.disagreement]).toEqual([
        mapping.pool,
        mapping.first,
        null,
      ]);
    }
  });

  it('shows the slots as they were before it took its own', () => {
    const run = createSimulation(crowded);
    run.runUntil(8 * MS, Infinity);
    const [mapping] = mappings(run);
    if (mapping === undefined) throw new Error('nothing is mapped');
    const { seen, slot, request, renumbered } = searchIn(
      told(run, { kind: 'mapping', serial: mapping.id, atNs: mapping.mappedNs }),
    );
    const last = seen.at(-1);
    const into = slot - (last?.walk.areaStart ?? 0);
    expect(last?.list?.[into]).toBeGreaterThanOrEqual(request.slots);
    expect(last?.owner?.slice(into, into + request.slots).every((byte) => byte === 0)).toBe(true);
    const after = renumbered?.after.slice(slot - renumbered.from) ?? [];
    expect(after.slice(0, request.slots).every((list) => list === 0)).toBe(true);
  });

  it('that never was is answered, too', () => {
    const run = createSimulation(crowded);
    run.runUntil(2 * MS, Infinity);
    expect(told(run, { kind: 'mapping', serial: 1e9, atNs: MS })).toEqual({
      kind: 'none',
      sentence: 'The run was repeated and no such mapping was met.',
    });
  });
});

describe('a look back at a failure', () => {
  it('tells every area, the longest run and the cause', () => {
    const run = createSimulation(crowded);
    run.runUntil(30 * MS, Infinity);
    const atNs = failedNs(run);
    const search = searchIn(told(run, { kind: 'failure', atNs }));
    expect(search).toMatchObject({ timeNs: atNs, pool: -1, slot: -1, disagreement: null });
    expect(['no-room', 'fragmented']).toContain(search.cause);
    expect(search.seen.map(({ walk }) => walk.area).toSorted((one, other) => one - other)).toEqual([
      0, 1,
    ]);
    for (const { walk } of search.seen) {
      expect(walk.found).toBe(-1);
      expect(walk.longestRun).toBeLessThan(
        walk.missed < 0 ? search.request.slots : Number.MAX_SAFE_INTEGER,
      );
    }
  });

  it('in a machine that grows tells the orders that were tried', () => {
    const run = createSimulation(burstBeforeTheWorker);
    run.runUntil(60 * MS, Infinity);
    const attempt = run.growth.since(0).find(({ by }) => by === 'transient');
    expect(attempt).toBeDefined();
    const one = mappings(run).length;
    expect(one).toBeGreaterThan(0);
    const atNs = failedNs(run);
    if (atNs < 0) return;
    const search = searchIn(told(run, { kind: 'failure', atNs }));
    expect(search.kicked).toBe(true);
    expect(search.attempts.flatMap(({ tries }) => tries).length).toBeGreaterThan(0);
  });
});

it('a throttled request tells what it read at the gate', () => {
  const run = createSimulation({ ...crowded, throttle: { ...NO_THROTTLE, policy: 'rfc' } });
  run.runUntil(20 * MS, Infinity);
  const { highThrottle, lowThrottle } = run.swiotlb.mem.throttle;
  const gates = mappings(run)
    .filter(({ device }) => device === 0)
    .map(({ id, mappedNs }) => searchIn(told(run, { kind: 'mapping', serial: id, atNs: mappedNs })))
    .map(({ gate }) => gate);
  expect(gates.length).toBeGreaterThan(3);
  expect(gates.every((gate) => gate.length > 0 && gate.at(-1)?.letIn === true)).toBe(true);
  const slept = gates.find((gate) => gate.length > 1);
  expect(slept?.[0]).toMatchObject({ again: false, letIn: false, high: highThrottle });
  expect(slept?.[0]?.used).toBeGreaterThan(lowThrottle);
  expect(slept?.at(-1)).toMatchObject({ again: true, letIn: true });
});

describe('the life of a slot', () => {
  it('is who held it, one after the other, up to the present', () => {
    const run = createSimulation(crowded);
    run.runUntil(15 * MS, Infinity);
    const mapping = mappings(run).at(0);
    if (mapping === undefined) throw new Error('nothing is mapped');
    const at = { pool: mapping.pool, slot: mapping.first };
    const life = told(run, { kind: 'life', at });
    if (life.kind !== 'life') throw new Error('that is no life');
    expect(life.untilNs).toBe(run.timeNs);
    expect(life.tenures.at(-1)).toMatchObject({ serial: mapping.id, unmappedNs: -1 });
    let lastNs = 0;
    for (const {
      mappedNs,
      unmappedNs,
      first,
      nslots,
      copiedBack,
      size,
      direction,
    } of life.tenures) {
      expect(mappedNs).toBeGreaterThanOrEqual(lastNs);
      expect(at.slot).toBeGreaterThanOrEqual(first);
      expect(at.slot).toBeLessThan(first + nslots);
      expect(copiedBack).toBe(direction === 1 || unmappedNs < 0 ? 0 : size);
      lastNs = unmappedNs < 0 ? Infinity : unmappedNs;
    }
    const held = life.tenures.reduce(
      (sum, { mappedNs, unmappedNs }) =>
        sum + (unmappedNs < 0 ? run.timeNs : unmappedNs) - mappedNs,
      0,
    );
    expect(life.heldNs).toBe(held);
    // Each of them can be asked about in turn.
    const [first] = life.tenures;
    if (first === undefined) throw new Error('nobody held it');
    const search = searchIn(
      told(run, { kind: 'mapping', serial: first.serial, atNs: first.mappedNs }),
    );
    expect([search.slot, search.disagreement]).toEqual([first.first, null]);
  });
});

describe('explained as if it came now', () => {
  it('a request takes nothing, and the map that comes then goes as was told', () => {
    const run = createSimulation(crowded);
    run.runUntil(3 * MS, Infinity);
    const before = stateHash(run);
    const ask = { kind: 'request', device: 1, cpu: 1, orig: 0x1234_5678, size: 5000 } as const;
    const search = searchIn(explainNow(run, { ...ask, pages: false }));
    expect(stateHash(run)).toBe(before);
    const [, device] = run.swiotlb.devices;
    if (device === undefined) throw new Error('no device');
    run.swiotlb.map(device, ask.cpu, ask.orig, ask.size);
    const { outcome } = run.swiotlb;
    expect([search.pool, search.slot, search.probes]).toEqual([
      outcome.pool?.id,
      outcome.slot,
      outcome.probes,
    ]);
  });

  it('a device that is not there is answered in a sentence', () => {
    const run = createSimulation(crowded);
    const ask = { kind: 'request', device: 9, cpu: 0, orig: 0, size: 1, pages: false } as const;
    expect(explainNow(run, ask)).toEqual({
      kind: 'none',
      sentence: 'There is no device 9 in this run.',
    });
  });
});

it('any map at any moment of any scenario is explained as it was decided', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...SCENARIOS),
      fc.integer({ min: 500, max: 25_000 }),
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.integer({ min: 1, max: 20_000 }),
      (scenario, atUs, pick, slice) => {
        const run = createSimulation(scenario);
        run.runUntil(atUs * 1000, 60_000);
        const live = mappings(run);
        const picked = live.slice(pick % Math.max(1, live.length)).slice(0, 1);
        const searches = picked.map(({ id, mappedNs }) =>
          searchIn(told(run, { kind: 'mapping', serial: id, atNs: mappedNs }, slice)),
        );
        expect(searches.map(({ disagreement }) => disagreement)).toEqual(picked.map(() => null));
        expect(searches.map((search) => [search.pool, search.slot])).toEqual(
          picked.map(({ pool, first }) => [pool, first]),
        );
        if (run.ledger.failedMaps === 0) return;
        const failure = searchIn(told(run, { kind: 'failure', atNs: 0 }, slice));
        expect([failure.slot, failure.disagreement]).toEqual([-1, null]);
      },
    ),
    { numRuns: 30 },
  );
});

it('changes made between two events of one moment are repeated between them', () => {
  const run = createSimulation(crowded);
  run.runUntil(6 * MS, Infinity);
  for (let turn = 0; turn < 40; turn++) {
    run.step();
    run.apply({ kind: 'device', device: 0, control: 'ratePerSecond', value: 20_000 + turn * 1000 });
  }
  run.runUntil(10 * MS, Infinity);
  const made = mappings(run).filter(({ mappedNs }) => mappedNs > 6 * MS);
  expect(made.length).toBeGreaterThan(0);
  for (const { id, mappedNs, pool, first } of made.slice(0, 8)) {
    const search = searchIn(told(run, { kind: 'mapping', serial: id, atNs: mappedNs }));
    expect([search.pool, search.slot, search.disagreement]).toEqual([pool, first, null]);
  }
});
