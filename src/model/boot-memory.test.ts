import { describe, expect, it } from 'vitest';
import {
  faultsOf,
  flatMachine,
  freeCounts,
  freeList,
  SMALL_MACHINE,
} from '../testing/page-machine.ts';
import { bootMemory } from './boot-memory.ts';
import { CMA, MOVABLE } from './migrate-type.ts';

describe('boot memory', () => {
  it('cuts zones at 16 MiB and 4 GiB, holes left out', () => {
    const { zones } = bootMemory(SMALL_MACHINE);
    expect(
      zones.map(({ name, managed, span }) => [name, managed, span.startPfn, span.spanned]),
    ).toEqual([
      ['DMA', 158 + 3840, 1, 4095],
      ['DMA32', 8192, 4096, 8192],
      ['Normal', 4096, 2 ** 20, 4096],
    ]);
  });

  it('frees the largest aligned blocks, low memory first, all of it movable', () => {
    const memory = bootMemory({ usable: [{ startPfn: 4097, pages: 2 ** 12 }] });
    const [zone] = memory.zones;
    if (zone === undefined) throw new Error('no zone');
    expect(freeCounts(zone)).toEqual([2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3]);
    expect(freeList(zone, 10, MOVABLE)).toEqual([5120, 6144, 7168]);
    expect(freeList(zone, 0, MOVABLE)).toEqual([4097, 8192]);
    expect(faultsOf(memory)).toEqual([]);
  });

  it('keeps CMA pageblocks apart, as blocks of their own kind', () => {
    const cma = [{ startPfn: 4096 + 2048, pages: 2048 }];
    const memory = bootMemory(flatMachine(32, { cma }));
    const [zone] = memory.zones;
    expect(zone?.freeCma).toBe(2048);
    expect(zone?.free).toBe(8192);
    expect(zone && freeList(zone, 10, CMA)).toHaveLength(2);
    expect(faultsOf(memory)).toEqual([]);
  });

  it('refuses ranges that overlap and CMA regions that are not whole', () => {
    const usable = [
      { startPfn: 4096, pages: 1024 },
      { startPfn: 5000, pages: 1024 },
    ];
    expect(() => bootMemory({ usable })).toThrow('1024 pages at frame 5000 are no range');
    for (const cma of [
      { startPfn: 4100, pages: 512 },
      { startPfn: 4096, pages: 511 },
      { startPfn: 4096, pages: 2 ** 14 },
    ]) {
      expect(() => bootMemory(flatMachine(16, { cma: [cma] }))).toThrow('no CMA region');
    }
  });
});
