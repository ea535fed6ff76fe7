/** Pages for one mapping: who gets them, from where, and what becomes of them. */
import { expect, test } from 'vitest';
import { bootMemory } from './boot-memory.ts';
import { NO_DEMANDS, type DmaDemands } from './demands.ts';
import { GuestPages, type GuestOptions } from './guest-pages.ts';
import { giveOwnPages, takeOwnPages, wantsOwnPages } from './own-pages.ts';
import { PageAllocator } from './page-allocator.ts';
import { NO_PAGES } from './page-source.ts';
import { Swiotlb } from './swiotlb.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const PLAIN: GuestOptions = { encrypted: false, coherentBytes: 128 * KIB };
const ENCRYPTED: GuestOptions = { encrypted: true, coherentBytes: 128 * KIB };

/** A machine with an allocator of its own and a restricted one. */
function machine() {
  return new Swiotlb({
    dynamic: false,
    search: 'fast',
    defaultNslabs: 512,
    defaultNareas: 1,
    canGrow: false,
    physLimit: 0,
    forceBounce: true,
    pages: NO_PAGES,
  });
}

/** A device of that machine. */
function device(demands: Partial<DmaDemands> = {}) {
  return machine().addDevice({ ...NO_DEMANDS, ...demands });
}

/** 8 MiB of zone DMA, 64 MiB below 1 GiB, 64 MiB above it; zone DMA ends where it is told. */
function guest(options: GuestOptions, dmaEnd = 16 * MIB): GuestPages {
  const usable = [
    { startPfn: 256, pages: 2048 },
    { startPfn: 8192, pages: 16_384 },
    { startPfn: GIB / 4096, pages: 16_384 },
  ];
  const memory = bootMemory({ usable, minFreeKib: 128, dmaEndPfn: dmaEnd / 4096 });
  return new GuestPages(new PageAllocator(memory), { ...options, dmaLimit: dmaEnd - 1 });
}

const freeOf = ({ allocator }: GuestPages) =>
  allocator.zones.reduce((sum, { free }) => sum + free, 0);

test('a page at least, no demand on alignment, no restricted pool', () => {
  expect(wantsOwnPages(device(), 4096)).toBe(true);
  expect(wantsOwnPages(device(), 4095)).toBe(false);
  expect(wantsOwnPages(device({ minAlignMask: 4095 }), 65_536)).toBe(false);
  const swiotlb = machine();
  const restricted = swiotlb.addRestricted(64 * MIB, MIB);
  expect(wantsOwnPages(swiotlb.addDevice(NO_DEMANDS, restricted), 65_536)).toBe(false);
});

test('the block is a power of two of pages, and all of it comes back', () => {
  const pages = guest(PLAIN);
  const before = freeOf(pages);
  const got = takeOwnPages(pages, device(), 300 * KIB, false);
  expect(got).toMatchObject({ bytes: 300 * KIB, held: 512 * KIB, region: -1 });
  expect(freeOf(pages)).toBe(before - 128);
  if (got !== null) giveOwnPages(pages, got);
  expect(freeOf(pages)).toBe(before);
});

test('4 MiB are to be had in one piece, 4 MiB and a byte are not', () => {
  const pages = guest(PLAIN);
  expect(takeOwnPages(pages, device(), 4 * MIB, true)).not.toBeNull();
  const before = freeOf(pages);
  expect(takeOwnPages(pages, device(), 4 * MIB + 1, true)).toBeNull();
  expect(freeOf(pages)).toBe(before);
});

test('what lies above the bus limit goes back, and zone DMA is asked', () => {
  const limit = { busLimit: 16 * MIB - 1 };
  const small = guest(PLAIN);
  const inDma = takeOwnPages(small, device(limit), MIB, true);
  expect(inDma?.base).toBeLessThan(16 * MIB);
  // A limit of 1 GiB is zone DMA on a machine whose zone DMA ends there.
  const pi = guest(PLAIN, GIB);
  const within = device({ busLimit: GIB - 1 });
  const bases = Array.from({ length: 20 }, () => takeOwnPages(pi, within, 4 * MIB, true)?.base);
  const got = bases.filter((base) => base !== undefined);
  expect(got.length).toBeGreaterThan(10);
  expect(got.length).toBeLessThan(20);
  expect(got.every((base) => base + 4 * MIB <= GIB)).toBe(true);
});

test('in an encrypted guest a sleeping request converts its pages, there and back', () => {
  const pages = guest(ENCRYPTED);
  const { calls, smallPages } = pages.toShared;
  const got = takeOwnPages(pages, device(), 12 * KIB, true);
  expect(got).toMatchObject({ region: -1, bytes: 12 * KIB, held: 16 * KIB });
  expect(pages.toShared).toMatchObject({ calls: calls + 1, smallPages: smallPages + 3 });
  if (got !== null) giveOwnPages(pages, got);
  expect(pages.toPrivate).toMatchObject({ calls: 1, smallPages: 3 });
});

test('in an encrypted guest one that may not sleep lives on the coherent pool, until that is dry', () => {
  const pages = guest(ENCRYPTED);
  const { calls } = pages.toShared;
  const got = Array.from({ length: 9 }, () => takeOwnPages(pages, device(), 16 * KIB, false));
  expect(got.slice(0, 8).every((one) => one?.region === 0 && one.held === 16 * KIB)).toBe(true);
  // The next pool is for lower addresses, which this device reaches as well.
  expect(got[8]?.region).toBe(1);
  expect(pages.toShared.calls).toBe(calls);
  const [first] = got;
  if (first) giveOwnPages(pages, first);
  expect(pages.toPrivate.calls).toBe(0);
  expect(takeOwnPages(pages, device(), 16 * KIB, false)?.base).toBe(first?.base);
});
