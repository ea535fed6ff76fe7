import { expect, test } from 'vitest';
import { Chance } from './chance.ts';
import { MemoryMap } from './memory-map.ts';

const MIB = 1024 * 1024;
const FOUR_GIB = 2 ** 32;

test('up to 3 GiB all memory lies low; the rest is moved above 4 GiB', () => {
  expect(new MemoryMap(1024).end).toBe(1024 * MIB);
  expect(new MemoryMap(1024).hasHighMemory).toBe(false);
  const large = new MemoryMap(8192);
  expect(large.lowEnd).toBe(3072 * MIB);
  expect(large.end).toBe(FOUR_GIB + 5120 * MIB);
  expect(large.hasHighMemory).toBe(true);
});

test('the pool of a 1 GiB guest lies where the recorded kernels put it', () => {
  expect(new MemoryMap(1024).reserve(64 * MIB)).toBe(0x3a60_0000);
  expect(new MemoryMap(1024).reserve(256 * 1024)).toBe(0x3e5c_0000);
});

test('a pool that low memory cannot hold is refused', () => {
  expect(new MemoryMap(64).reserve(64 * MIB)).toBe(-1);
  expect(new MemoryMap(65_536).reserve(4096 * MIB)).toBe(-1);
});

test('buffers are pages of memory, never of the pool', () => {
  const memory = new MemoryMap(1024);
  const base = memory.reserve(64 * MIB);
  const chance = new Chance(3);
  for (let draw = 0; draw < 20_000; draw++) {
    const page = memory.drawPage(chance, draw % 2 === 0);
    expect(page % 4096).toBe(0);
    expect(page).toBeGreaterThanOrEqual(16 * MIB);
    expect(page + MIB).toBeLessThanOrEqual(base);
  }
});

test('a buffer wanted above 4 GiB lies there, if there is memory', () => {
  const memory = new MemoryMap(8192);
  const chance = new Chance(3);
  for (let draw = 0; draw < 2000; draw++) {
    const high = memory.drawPage(chance, true);
    expect(high).toBeGreaterThanOrEqual(FOUR_GIB);
    expect(high + MIB).toBeLessThanOrEqual(memory.end);
    expect(memory.drawPage(chance, false)).toBeLessThan(3072 * MIB);
  }
  expect(new MemoryMap(1024).drawPage(chance, true)).toBeLessThan(1024 * MIB);
});

test('the smallest machine still has pages to give', () => {
  const page = new MemoryMap(64).drawPage(new Chance(1), false);
  expect(page).toBeGreaterThanOrEqual(16 * MIB);
  expect(page).toBeLessThan(64 * MIB);
});

test('a Raspberry Pi 4 has its pool in the first GiB, and high memory from there on', () => {
  const memory = new MemoryMap(4096, 'rpi4');
  expect(memory.hasHighMemory).toBe(true);
  expect(memory.end).toBe(0xfc00_0000);
  expect(memory.reserve(64 * MIB) + 64 * MIB).toBeLessThanOrEqual(948 * MIB);
  expect(memory.usable().at(-1)).toEqual({ from: 1024 * MIB, to: 0xfc00_0000 });
  const chance = new Chance(3);
  for (let draw = 0; draw < 1000; draw++) {
    expect(memory.drawPage(chance, true)).toBeGreaterThanOrEqual(1024 * MIB);
    expect(memory.drawPage(chance, false)).toBeLessThan(948 * MIB);
  }
  expect(new MemoryMap(1024, 'rpi4').hasHighMemory).toBe(false);
});
