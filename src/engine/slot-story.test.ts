import { expect, test } from 'vitest';
import { deviceWith, scenarioWith } from '../testing/run-builder.ts';
import { createSimulation } from './create-simulation.ts';
import { MAX_DETAIL_SLOTS, slotDetail, slotStory } from './slot-story.ts';

function mapped() {
  const simulation = createSimulation(
    scenarioWith([deviceWith({ sizes: [{ bytes: 10_000, weight: 1 }], readShare: 0 })], {
      cpus: 1,
      commandLine: 'swiotlb=512,1,force',
    }),
  );
  while (simulation.ledger.maps < 1) simulation.step();
  const pool = simulation.swiotlb.mem.head;
  if (!pool) throw new RangeError('no pool');
  const first = pool.table.runStart(pool.table.list(0) > 0 ? 1 : 0);
  return { simulation, pool, first };
}

test('a used slot tells its four fields and the mapping it belongs to', () => {
  const { simulation, pool, first } = mapped();
  const story = slotStory(simulation, { pool: 0, slot: first + 2 });
  expect(story).toMatchObject({
    poolKind: 'default',
    area: 0,
    bus: pool.base + (first + 2) * 2048,
    list: 0,
    padSlots: 0,
    mapping: {
      id: 1,
      device: 0,
      first,
      padSlots: 0,
      cpu: 0,
      size: 10_000,
      direction: 1,
      mappedNs: simulation.timeNs,
      probes: first + 1,
      areas: 1,
    },
  });
  const mapping = story?.mapping;
  expect(story?.origAddr).toBe((mapping?.origAddr ?? 0) + 2 * 2048);
  expect(mapping?.tlbAddr).toBe(pool.base + first * 2048 + ((mapping?.origAddr ?? 0) % 2048));
});

test('a free slot has no mapping and no original address', () => {
  const { simulation } = mapped();
  expect(slotStory(simulation, { pool: 0, slot: 384 })).toMatchObject({
    list: 128,
    allocSize: 0,
    origAddr: null,
    mapping: null,
  });
});

test('a slot that is not there has no story', () => {
  const { simulation } = mapped();
  expect(slotStory(simulation, { pool: 7, slot: 0 })).toBeNull();
  expect(slotStory(simulation, { pool: 0, slot: 512 })).toBeNull();
  expect(slotStory(simulation, { pool: 0, slot: -1 })).toBeNull();
});

test('a detail lists the same fields for slots in a row, and ends with the pool', () => {
  const { simulation, first } = mapped();
  const detail = slotDetail(simulation, { pool: 0, slot: first }, 4);
  const stories = [0, 1, 2, 3].map((at) => slotStory(simulation, { pool: 0, slot: first + at }));
  expect(detail?.list).toEqual(stories.map((story) => story?.list));
  expect(detail?.allocSize).toEqual(stories.map((story) => story?.allocSize));
  expect(detail?.origAddr).toEqual(stories.map((story) => story?.origAddr));
  expect(detail?.padSlots).toEqual([0, 0, 0, 0]);
  expect(slotDetail(simulation, { pool: 0, slot: 510 }, 10)?.list).toHaveLength(2);
  expect(slotDetail(simulation, { pool: 0, slot: 600 }, 10)?.list).toEqual([]);
  expect(slotDetail(simulation, { pool: 3, slot: 0 }, 10)).toBeNull();
  expect(MAX_DETAIL_SLOTS).toBe(4096);
});
