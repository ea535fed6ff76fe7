import { expect, test } from 'vitest';
import { Chance } from './chance.ts';
import { MemoryMap } from './memory-map.ts';
import { ReceiveRings } from './receive-rings.ts';

function ringsOf(target: number, posted: number): ReceiveRings {
  const rings = new ReceiveRings(2, 64, target);
  for (let buffer = 0; buffer < posted; buffer++) rings.post(0, buffer + 1);
  return rings;
}

test('packets take buffers in the order they were posted', () => {
  const rings = ringsOf(8, 8);
  expect(rings.fill(0, 1000, 5)).toBe(true);
  expect(rings.fill(0, 900, 6)).toBe(true);
  expect(rings.oldestRow(0)).toBe(1);
  expect([rings.oldestPacketBytes(0), rings.oldestPacketNs(0)]).toEqual([1000, 5]);
  rings.dropOldest(0);
  expect(rings.oldestRow(0)).toBe(2);
  expect(rings.oldestPacketBytes(0)).toBe(900);
  expect(rings.hasFilled(0)).toBe(true);
  rings.dropOldest(0);
  expect(rings.hasFilled(0)).toBe(false);
});

test('a packet larger than a buffer takes several and ends in the last', () => {
  const rings = ringsOf(8, 8);
  expect(rings.fill(0, 4000, 5)).toBe(true);
  const ends: number[] = [];
  while (rings.hasFilled(0)) {
    ends.push(rings.oldestPacketBytes(0));
    rings.dropOldest(0);
  }
  expect(ends).toEqual([0, 0, 4000]);
});

test('a packet that finds too few buffers is lost and takes none', () => {
  const rings = ringsOf(8, 2);
  expect(rings.fill(0, 4000, 0)).toBe(false);
  expect(rings.hasFilled(0)).toBe(false);
  expect(rings.fill(1, 100, 0)).toBe(false);
  expect(rings.fill(0, 3000, 0)).toBe(true);
  expect(rings.fill(0, 1, 0)).toBe(false);
});

test('a ring is refilled when more than half a poll budget is missing, or half of a small ring', () => {
  expect(ringsOf(64, 32).wantsRefill(0)).toBe(false);
  expect(ringsOf(64, 31).wantsRefill(0)).toBe(true);
  expect(ringsOf(8, 4).wantsRefill(0)).toBe(false);
  expect(ringsOf(8, 3).wantsRefill(0)).toBe(true);
  expect(ringsOf(1, 0).wantsRefill(0)).toBe(true);
});

test('places are used round and round', () => {
  const rings = ringsOf(64, 64);
  for (let round = 0; round < 200; round++) {
    expect(rings.oldestRow(0)).toBe(round + 1);
    rings.fill(0, 100, 0);
    rings.dropOldest(0);
    rings.post(0, round + 65);
  }
  expect(rings.posted).toBe(64);
  expect(rings.isFull(0)).toBe(true);
  expect(rings.isEmpty(1)).toBe(true);
});

test('buffers are cut from blocks of 32 KiB, 1,536 bytes apart', () => {
  const rings = ringsOf(8, 0);
  const memory = new MemoryMap(1024);
  const chance = new Chance(1);
  const addresses = Array.from({ length: 42 }, () => rings.nextAddress(0, memory, chance, 0));
  const gaps = addresses.slice(1).map((address, index) => address - (addresses[index] ?? 0));
  expect(gaps.filter((gap) => gap === 1536)).toHaveLength(40);
  expect((addresses[0] ?? 1) % 4096).toBe(0);
  expect((addresses[21] ?? 1) % 4096).toBe(0);
});
