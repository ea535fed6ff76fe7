import { describe, expect, it } from 'vitest';
import { flatMachine } from '../testing/page-machine.ts';
import { bootMemory } from './boot-memory.ts';
import { coherentPoolValues } from './coherent-param.ts';
import { atomicPoolBytes, CoherentPool } from './coherent-pool.ts';
import { poolExhausted, preallocatedText } from './coherent-words.ts';
import { gfp } from './gfp.ts';
import { PageAllocator } from './page-allocator.ts';

const KIB = 1024;
const GIB = 2 ** 30;

function poolOf(bytes: number, mib = 64): { pool: CoherentPool; allocator: PageAllocator } {
  const allocator = new PageAllocator(bootMemory(flatMachine(mib)));
  const pool = new CoherentPool(allocator, 4, bytes);
  pool.expand(bytes);
  return { pool, allocator };
}

describe('the size of the coherent pools', () => {
  it.each([
    ['256 MiB', GIB / 4, 128 * KIB],
    ['1 GiB', GIB, 128 * KIB],
    ['5 GiB', 5 * GIB, 640 * KIB],
    ['32 GiB', 32 * GIB, 4096 * KIB],
    ['1 TiB', 1024 * GIB, 4096 * KIB],
  ])('is 128 KiB a GiB within bounds: %s', (_, memory, bytes) => {
    expect(atomicPoolBytes(memory)).toBe(bytes);
  });

  it('is rounded up to a block', () => {
    expect(poolOf(640 * KIB).pool.bytes).toBe(1024 * KIB);
  });
});

describe('coherent_pool= on the command line', () => {
  it.each([
    ['1M', 1024 * KIB],
    ['256k', 256 * KIB],
    ['0x40000', 256 * KIB],
    ['010K', 8 * KIB],
    ['2g', 2 * GIB],
    ['65536', 64 * KIB],
    ['1MiB', 1024 * KIB],
    ['0', 0],
    ['M', 0],
    ['-1M', 0],
    ['', 0],
    ['99999999999999999999E', 2 ** 52],
  ])('reads %s as memparse does', (text, bytes) => {
    expect(coherentPoolValues(`ro coherent_pool=${text}`)).toEqual([
      { from: 3, to: 17 + text.length, bytes },
    ]);
  });

  it('finds all of them, and none in another word', () => {
    const line = 'coherent_pool=1M xcoherent_pool=2M coherent_pool=3K';
    expect(coherentPoolValues(line).map(({ bytes }) => bytes)).toEqual([1024 * KIB, 3 * KIB]);
  });

  it('says what boot got, or that it got nothing', () => {
    expect(preallocatedText(128 * KIB, 128 * KIB, 4)).toBe(
      'DMA: preallocated 128 KiB GFP_KERNEL|GFP_DMA32 pool for atomic allocations',
    );
    expect(preallocatedText(128 * KIB, 0, 1)).toBe(
      'DMA: failed to allocate 128 KiB GFP_KERNEL|GFP_DMA pool for atomic allocation',
    );
  });
});

describe('a coherent pool', () => {
  it('tells of every order asked for, and gives a block back that the host will not share', () => {
    const { pool, allocator } = poolOf(128 * KIB);
    const free = allocator.zones.map((zone) => zone.free);
    const asked: number[] = [];
    const hooks = { asked: (order: number) => void asked.push(order), shared: () => false };
    expect(pool.expand(256 * KIB, hooks)).toBeNull();
    expect(asked).toEqual([6]);
    expect(pool.bytes).toBe(128 * KIB);
    expect(allocator.zones.map((zone) => zone.free)).toEqual(free);
  });

  it('takes the first fit, aligned to the order of the size', () => {
    const { pool } = poolOf(128 * KIB);
    const base = pool.alloc(4096);
    const at = (addr: number) => (addr - base) / 4096;
    expect(at(pool.alloc(3 * 4096))).toBe(4);
    expect(at(pool.alloc(4097))).toBe(2);
    expect(at(pool.alloc(1))).toBe(1);
    expect(at(pool.alloc(8 * 4096))).toBe(8);
    expect(at(pool.alloc(1))).toBe(7);
  });

  it('asks for work when less than its first size is left, and doubles', () => {
    const { pool } = poolOf(128 * KIB);
    const addr = pool.alloc(4096);
    expect(pool.needsWork).toBe(true);
    expect(pool.work()).toMatchObject({ order: 5 });
    expect([pool.bytes, pool.needsWork]).toEqual([256 * KIB, false]);
    expect(pool.work()).toBeNull();
    while (pool.freeBytes >= 128 * KIB) pool.alloc(32 * KIB);
    expect(pool.work()).toMatchObject({ order: 6 });
    expect(pool.bytes).toBe(512 * KIB);
    expect(pool.free(addr, 4096)).toBe(true);
  });

  it('adds 4 MiB at most, and less where there is less', () => {
    const { pool, allocator } = poolOf(4096 * KIB);
    expect(pool.expand(8192 * KIB)?.order).toBe(10);
    while (allocator.alloc(6, gfp('kernel', 4)) !== -1);
    expect(pool.expand(4096 * KIB)?.order).toBeLessThan(6);
    for (let order = 5; order >= 0; order--)
      while (allocator.alloc(order, gfp('kernel', 4)) !== -1);
    expect(pool.expand(4096)).toBeNull();
  });

  it('has no room: the request fails, asks for nothing, and the kernel has a sentence for it', () => {
    const { pool } = poolOf(128 * KIB);
    pool.alloc(128 * KIB);
    pool.needsWork = false;
    expect(pool.alloc(4096)).toBe(-1);
    expect(pool.needsWork).toBe(false);
    expect(poolExhausted('0000:00:03.0')).toBe('Failed to get suitable pool for 0000:00:03.0');
  });

  it('searches the newest memory first', () => {
    const { pool } = poolOf(128 * KIB);
    const old = pool.alloc(4096);
    pool.work();
    const fresh = pool.alloc(4096);
    expect(Math.abs(fresh - old)).toBeGreaterThanOrEqual(128 * KIB);
  });

  it('takes back only what it gave', () => {
    const { pool } = poolOf(128 * KIB);
    const addr = pool.alloc(8192);
    expect(pool.free(0, 4096)).toBe(false);
    expect(() => pool.free(addr, 12_288)).toThrow('were not given out');
    expect(pool.free(addr, 8192)).toBe(true);
    expect(() => pool.free(addr, 8192)).toThrow('were not given out');
    expect(pool.freeBytes).toBe(128 * KIB);
  });
});
