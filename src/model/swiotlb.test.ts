import { describe, expect, it } from 'vitest';
import { artOf, machineFrom } from '../testing/pool-art.ts';
import type { DmaDemands } from './device.ts';
import { NO_DEMANDS } from './device.ts';
import { NO_PAGES, type PageSource } from './page-source.ts';
import type { SearchKind } from './pool.ts';
import { Swiotlb } from './swiotlb.ts';
import { FAILED, NO_ADDRESS } from './units.ts';

const HIGH = 2 ** 32;
const SEGMENT = 128;
const BOTH: readonly SearchKind[] = ['fast', 'reference'];

describe.each(BOTH)('with the %s slot table', (search) => {
  /** Maps `bytes` into a drawing and says which slot it got, -1 for none. */
  function slotIn(
    art: string,
    bytes: number,
    options: { orig?: number; align?: number; demands?: Partial<DmaDemands>; hint?: number } = {},
  ): number {
    const { orig = HIGH, align = 0, demands = {}, hint = 0 } = options;
    const { swiotlb, pool, device } = machineFrom(art, { search, demands });
    pool.areaIndex[0] = hint;
    swiotlb.tblMapSingle(device, 0, orig, bytes, align);
    return swiotlb.outcome.slot;
  }

  it('takes the first run that is long enough', () => {
    expect(slotIn('#.##..#...', 2000)).toBe(1);
    expect(slotIn('#.##..#...', 3000)).toBe(4);
  });

  it('starts at the hint, not at the first free slot', () => {
    expect(slotIn('..##.', 2000, { hint: 2 })).toBe(4);
  });

  it('moves the hint behind what it took, and back to 0 at the end', () => {
    const { swiotlb, pool, device } = machineFrom('#'.repeat(126) + '..', { search });
    swiotlb.tblMapSingle(device, 0, HIGH, 2000);
    expect(pool.areaIndex[0]).toBe(127);
    swiotlb.tblMapSingle(device, 0, HIGH, 2000);
    expect(pool.areaIndex[0]).toBe(0);
  });

  it('leaves the hint alone when it fails and when a buffer is freed', () => {
    const { swiotlb, pool, device } = machineFrom('....' + '#'.repeat(124), { search });
    const tlb = swiotlb.tblMapSingle(device, 0, HIGH, 2000);
    expect(swiotlb.tblMapSingle(device, 0, HIGH, 20_000)).toBe(FAILED);
    expect(pool.areaIndex[0]).toBe(1);
    swiotlb.unmap(device, tlb);
    expect(pool.areaIndex[0]).toBe(1);
  });

  it('page-aligns a request of a page or more that has no alignment of its own', () => {
    expect(slotIn('#......', 4096)).toBe(2);
    expect(slotIn('#......', 4095)).toBe(1);
  });

  it('keeps the parity of the original page for a device that wants page offsets kept', () => {
    const demands = { minAlignMask: 4095 };
    expect(slotIn('....', 512, { demands, orig: HIGH })).toBe(0);
    expect(slotIn('....', 512, { demands, orig: HIGH + 2048 })).toBe(1);
  });

  it('lines up with nothing when the original address is 0', () => {
    const demands = { minAlignMask: 65_535 };
    expect(slotIn('....', 512, { demands, orig: 0, hint: 1 })).toBe(1);
    expect(slotIn('....', 512, { demands, orig: HIGH, hint: 1 })).toBe(32);
  });

  it('may end on a segment boundary of the device but not cross it', () => {
    const demands = { segBoundary: 8191 };
    expect(slotIn('#.......', 6000, { demands })).toBe(4);
    expect(slotIn('..#.....', 4000, { demands })).toBe(0);
  });

  it('never lets a buffer cross a segment of 128 slots', () => {
    const art = '#'.repeat(SEGMENT - 2) + '....' + '#'.repeat(SEGMENT - 2);
    expect(slotIn(art, 6000)).toBe(-1);
    expect(slotIn(art, 4000)).toBe(SEGMENT - 2);
  });

  it('steps over a fit just before the hint, as the kernel does', () => {
    // Candidates are 2, 6, 10, ... 126. From 7 the walk ends with a stride from 126 to 130: two slots
    // counted that do not exist, so its second half stops at 4 and never looks at 6.
    const art = '######....' + '#'.repeat(118);
    const request = { demands: { minAlignMask: 8191 }, orig: HIGH + 4096 };
    expect(slotIn(art, 8192, { ...request, hint: 7 })).toBe(-1);
    expect(slotIn(art, 8192, { ...request, hint: 6 })).toBe(6);
  });

  it('tells a full area from a fragmented one', () => {
    const full = machineFrom('#'.repeat(SEGMENT), { search });
    full.swiotlb.tblMapSingle(full.device, 0, HIGH, 2000);
    expect(full.swiotlb.outcome.cause).toBe('no-room');
    const holes = machineFrom('#.'.repeat(SEGMENT / 2), { search });
    holes.swiotlb.tblMapSingle(holes.device, 0, HIGH, 4000);
    expect(holes.swiotlb.outcome.cause).toBe('fragmented');
  });

  it('fills the four fields of every slot of a mapping', () => {
    const { swiotlb, pool, device } = machineFrom('', { search, demands: { minAlignMask: 4095 } });
    const orig = HIGH + 0x345;
    const tlb = swiotlb.tblMapSingle(device, 0, orig, 5000);
    const { table } = pool;
    expect(tlb).toBe(pool.base + 0x345);
    expect([0, 1, 2, 3].map((slot) => table.list(slot))).toEqual([0, 0, 0, 125]);
    expect([0, 1, 2, 3].map((slot) => table.allocSize(slot))).toEqual([5000, 2952, 904, 0]);
    expect(table.origAddr(1)).toBe(orig + 2048);
    expect(table.origAddr(3)).toBe(NO_ADDRESS);
  });

  it('pads in front when an IOMMU granule must hold nothing else', () => {
    const { swiotlb, pool, device } = machineFrom('', { search, demands: { minAlignMask: 4095 } });
    const tlb = swiotlb.tblMapSingle(device, 0, HIGH + 3000, 500, 4095);
    expect(swiotlb.outcome).toMatchObject({ slot: 0, nslots: 2, padSlots: 1 });
    expect(tlb).toBe(pool.base + 3000);
    expect(pool.table.padSlots(1)).toBe(1);
    expect(pool.table.origAddr(0)).toBe(NO_ADDRESS);
    expect(swiotlb.unmap(device, tlb)).toBe(true);
    expect(artOf(pool, 0, 4)).toBe('....');
  });

  it('joins freed slots with the free ones on both sides', () => {
    const { swiotlb, pool, device } = machineFrom('', { search });
    const tlbs = [0, 1, 2].map(() => swiotlb.tblMapSingle(device, 0, HIGH, 2000));
    swiotlb.unmap(device, tlbs[0] ?? 0);
    swiotlb.unmap(device, tlbs[2] ?? 0);
    expect(pool.table.list(0)).toBe(1);
    swiotlb.unmap(device, tlbs[1] ?? 0);
    expect(pool.table.list(0)).toBe(SEGMENT);
    expect(swiotlb.mem.used).toBe(0);
    expect(swiotlb.mem.hiwater).toBe(3);
  });

  it('refuses to unmap where no mapping begins', () => {
    const { swiotlb, pool, device } = machineFrom('', { search });
    const tlb = swiotlb.tblMapSingle(device, 0, HIGH, 6000);
    expect(swiotlb.unmap(device, tlb + 2048)).toBe(false);
    expect(swiotlb.unmap(device, pool.end)).toBe(false);
    expect(swiotlb.mem.used).toBe(3);
  });

  it('goes on to the next area, then around', () => {
    const { swiotlb, pool, device } = machineFrom('', { search, nareas: 4 });
    for (let map = 0; map < 4; map++) swiotlb.tblMapSingle(device, 2, HIGH, 262_144);
    expect([...pool.areaUsed]).toEqual([128, 128, 128, 128]);
    expect(swiotlb.tblMapSingle(device, 2, HIGH, 1)).toBe(FAILED);
    expect(swiotlb.outcome).toMatchObject({ areas: 4, cause: 'no-room' });
  });

  it('undoes a map that the device cannot reach, and keeps its side effects', () => {
    const demands = { dmaMask: 0xff_ffff };
    const { swiotlb, pool, device } = machineFrom('', { search, demands });
    expect(swiotlb.map(device, 0, HIGH, 2000)).toBe(FAILED);
    expect(swiotlb.outcome.cause).toBe('out-of-reach');
    expect(swiotlb.mem).toMatchObject({ used: 0, hiwater: 1 });
    expect(pool.areaIndex[0]).toBe(1);
  });

  it('gives whole aligned pages from a restricted pool', () => {
    const { swiotlb } = machineFrom('', { search });
    const mem = swiotlb.addRestricted(2 ** 31, 554 * 2048);
    const device = swiotlb.addDevice(NO_DEMANDS, mem);
    swiotlb.tblMapSingle(device, 0, HIGH, 100);
    const addr = swiotlb.allocPages(device, 0, 12_288);
    expect(addr).toBe(2 ** 31 + 16_384);
    expect(swiotlb.freePages(device, addr)).toBe(true);
    expect(mem.used).toBe(1);
  });
});

describe('a request larger than a segment', () => {
  it('fails without queueing the worker', () => {
    const { swiotlb, device } = machineFrom('', { dynamic: true });
    expect(swiotlb.tblMapSingle(device, 0, HIGH, 262_145)).toBe(FAILED);
    expect(swiotlb.outcome).toMatchObject({ cause: 'too-large', kicked: false, areas: 0 });
  });
});

/** Answers with the addresses given, in order; -1 = none. */
function answering(...addrs: number[]): PageSource & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    ...NO_PAGES,
    asked,
    allocPages: (order, zone) => {
      asked.push(`order ${order} zone ${zone}`);
      return addrs.shift() ?? -1;
    },
    freePages: (order) => asked.push(`free ${order}`),
    allocSlotArray: () => true,
  };
}

describe('growth', () => {
  it('serves a map from a transient pool and queues the worker', () => {
    const pages = answering(2 ** 24);
    const { swiotlb, device } = machineFrom('#'.repeat(SEGMENT), { dynamic: true, pages });
    const tlb = swiotlb.tblMapSingle(device, 0, HIGH, 5000);
    expect(tlb).toBe(2 ** 24);
    expect(swiotlb.outcome).toMatchObject({ transient: true, kicked: true, nslots: 3 });
    expect(swiotlb.mem).toMatchObject({ used: 131, transientNslabs: 3, nslabs: 128 });
    expect(swiotlb.unmap(device, tlb)).toBe(true);
    expect(swiotlb.mem).toMatchObject({ used: 128, transientNslabs: 0 });
    expect(swiotlb.pools).toHaveLength(1);
  });

  it('gives a transient pool back when the data would not line up at its start', () => {
    const pages = answering(2 ** 24);
    const demands = { minAlignMask: 4095 };
    const { swiotlb, device } = machineFrom('#'.repeat(SEGMENT), { dynamic: true, pages, demands });
    expect(swiotlb.tblMapSingle(device, 0, HIGH + 2048, 512)).toBe(FAILED);
    expect(pages.asked).toEqual(['order 0 zone 0', 'free 0']);
  });

  it('asks one zone down for memory that lies too high, and gives up when there is none', () => {
    const pages = answering(2 ** 33, 2 ** 31, -1);
    const demands = { dmaMask: 0x3fff_ffff };
    const { swiotlb, device } = machineFrom('#'.repeat(SEGMENT), { dynamic: true, pages, demands });
    expect(swiotlb.tblMapSingle(device, 0, HIGH, 4096)).toBe(FAILED);
    expect(pages.asked).toEqual(['order 0 zone 4', 'free 0', 'order 0 zone 1', 'free 0']);
  });

  it('halves what the worker wants down to 1 MiB', () => {
    const pages = answering(-1, -1, 2 ** 24);
    const { swiotlb } = machineFrom('.'.repeat(4096), { dynamic: true, pages, nareas: 16 });
    expect(swiotlb.grow()).toMatchObject({ nslabs: 512, nareas: 4, kind: 'dynamic' });
    expect(pages.asked).toEqual(['order 10 zone 4', 'order 9 zone 4', 'order 8 zone 4']);
    expect(swiotlb.mem.nslabs).toBe(4096 + 512);
  });

  it('ends for good once somebody was told where the pool lies', () => {
    const pages = answering(2 ** 24);
    const { swiotlb, pool, device } = machineFrom('#'.repeat(SEGMENT), { dynamic: true, pages });
    expect(swiotlb.defaultLimit()).toBe(0xffff_ffff);
    expect(swiotlb.defaultBase()).toBe(pool.base);
    expect(swiotlb.defaultLimit()).toBe(pool.end - 1);
    expect(swiotlb.tblMapSingle(device, 0, HIGH, 5000)).toBe(FAILED);
    expect(swiotlb.outcome.kicked).toBe(false);
    expect(pages.asked).toEqual([]);
  });

  it('counts transient slots as used only in a kernel with debugfs', () => {
    const pages = answering(2 ** 24);
    const { swiotlb, device } = machineFrom('#'.repeat(SEGMENT), { dynamic: true, pages });
    swiotlb.tblMapSingle(device, 0, HIGH, 5000);
    expect([swiotlb.mem.used, swiotlb.mem.usedWithoutDebugfs()]).toEqual([131, 128]);
  });

  it('searches the newest pool first', () => {
    const { swiotlb, device } = machineFrom('', { dynamic: true, pages: answering(2 ** 24) });
    const grown = swiotlb.grow();
    swiotlb.tblMapSingle(device, 0, HIGH, 100);
    expect(swiotlb.outcome.pool).toBe(grown);
  });

  it('never serves a restricted pool when the default one was never set up', () => {
    const { swiotlb } = machineFrom('', { dynamic: true, nareas: 1 });
    const bare = new Swiotlb({ ...swiotlb.config, defaultNareas: 0 });
    const device = bare.addDevice(NO_DEMANDS, bare.addRestricted(2 ** 31, 2 ** 20));
    expect(bare.tblMapSingle(device, 0, HIGH, 100)).toBe(FAILED);
  });
});

describe('counters', () => {
  it('resets the high-water mark to 0, and takes nothing but 0', () => {
    const { swiotlb, device } = machineFrom('');
    swiotlb.tblMapSingle(device, 0, HIGH, 5000);
    expect(swiotlb.mem.writeHiwater(1)).toBe(false);
    expect(swiotlb.mem.writeHiwater(0)).toBe(true);
    expect(swiotlb.mem).toMatchObject({ used: 3, hiwater: 0 });
    swiotlb.tblMapSingle(device, 0, HIGH, 100);
    expect(swiotlb.mem.hiwater).toBe(4);
  });

  it('tells drivers less than fits when offsets must be kept', () => {
    const told = [0, 511, 4095, 65_535].map((minAlignMask) => {
      const { swiotlb, device } = machineFrom('', { demands: { minAlignMask } });
      return swiotlb.maxMappingSize(device);
    });
    expect(told).toEqual([262_144, 260_096, 258_048, 196_608]);
  });
});

describe('what cannot be asked', () => {
  it('is 0 bytes, a mask with holes, and a pool off a page', () => {
    const { swiotlb, device } = machineFrom('');
    expect(() => swiotlb.tblMapSingle(device, 0, HIGH, 0)).toThrow(RangeError);
    expect(() => swiotlb.tblMapSingle(device, 0, HIGH, 10, 6000)).toThrow(RangeError);
    expect(() => swiotlb.addDevice({ ...NO_DEMANDS, minAlignMask: 5000 })).toThrow(RangeError);
    expect(() => swiotlb.addPool({ base: 5, nslabs: 128, nareas: 1, kind: 'default' })).toThrow(
      RangeError,
    );
  });
});
