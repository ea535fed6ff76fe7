/**
 * The machine of a vector file, booted by the model from the file's boot parameters and compared
 * with what the kernel made of them.
 */
import { bootState } from '../model/boot-line.ts';
import { adjustSize, initAtBoot, readBootValues, type BootedPool } from '../model/boot.ts';
import type { DmaDevice } from '../model/device.ts';
import { parseBoundary, parseMask } from '../model/mask.ts';
import { SLOT_BYTES } from '../model/geometry.ts';
import type { Pool, SearchKind } from '../model/pool.ts';
import { Swiotlb } from '../model/swiotlb.ts';
import type { TlbMem } from '../model/tlb-mem.ts';
import type { Comparison } from './comparison.ts';
import type { Fields } from './fields.ts';
import { SLOT_LIMIT } from './header-check.ts';
import { checkAnswers, RecordedPages } from './recorded-pages.ts';

const ADDRESS_MAX = 2 ** 52 - 1;
const LIST_LIMIT = 4096;
const DEFAULT_MEM = 0;
/** The coherent pools of a kernel that names none: its own, DMA32, DMA. */
const COHERENT_REGIONS = 3;
/** The configuration that the model follows. */
const BUILD = {
  DEBUG_FS: true,
  ZONE_DMA: true,
  ZONE_DMA32: true,
  PAGE_SHIFT: 12,
  MAX_PAGE_ORDER: 10,
  zone_dma_limit: 2 ** 24 - 1,
} as const;
const FLAG_FORCE = 2;
const FLAG_ANY = 4;
/** Top of memory on the machine the vectors were made on: 16 GiB. */
const TOP_OF_MEMORY = 2 ** 34 - 1;

/** A booted machine whose page allocator answers as recorded. */
export interface VectorMachine {
  readonly swiotlb: Swiotlb;
  readonly pages: RecordedPages;
  readonly devices: readonly DmaDevice[];
  /** Allocators by the file's numbers; 0 is the default one. */
  readonly mems: ReadonlyMap<number, TlbMem>;
  /** Pools by the file's numbers. */
  readonly pools: Map<number, Pool>;
}

/** Boots the machine of header `fields`, comparing every result of booting. */
export function bootVectorMachine(
  fields: Fields,
  search: SearchKind,
  compare: Comparison,
): VectorMachine {
  const dynamic = checkConfig(fields.inner('config'));
  const booted = boot(fields.inner('init'), dynamic, compare);
  checkSlots(fields, booted);
  const regions = fields.present('coherentRegions')
    ? fields.list('coherentRegions', LIST_LIMIT).length
    : COHERENT_REGIONS;
  const pages = new RecordedPages(Math.max(regions, 1));
  const swiotlb = new Swiotlb({
    dynamic,
    search,
    defaultNslabs: booted.defaultNslabs,
    defaultNareas: booted.defaultNareas,
    canGrow: booted.canGrow,
    physLimit: booted.physLimit,
    forceBounce: booted.forceBounce,
    pages,
  });
  if (booted.pool !== null) swiotlb.addPool({ ...booted.pool, kind: 'default' });
  const mems = restrictedMems(fields, swiotlb);
  const devices = fields
    .objects('devices', LIST_LIMIT)
    .map((device) => addDevice(device, swiotlb, mems, compare));
  return { swiotlb, pages, devices, mems, pools: comparePools(fields, swiotlb, compare) };
}

/** @returns whether pools grow. @throws TraceFault for a build that is not modelled. */
function checkConfig(config: Fields): boolean {
  for (const [name, value] of Object.entries(BUILD)) {
    if (config.has(name) && !config.is(name, value)) {
      throw config.fault(name, `${value}, the only build modelled`);
    }
  }
  return config.flag('SWIOTLB_DYNAMIC');
}

/** Refuses pools too large to be replayed before any is built. */
function checkSlots(fields: Fields, { pool }: BootedPool): void {
  let slots = pool?.nslabs ?? 0;
  if (slots > SLOT_LIMIT) {
    throw fields.inner('init').fault('param', `a pool of at most ${SLOT_LIMIT} slots`);
  }
  const seen = new Set<number>();
  for (const device of fields.objects('devices', LIST_LIMIT)) {
    if (!device.has('restricted')) continue;
    const region = device.inner('restricted');
    const id = region.whole('mem', 1, LIST_LIMIT);
    if (!seen.has(id))
      slots += region.whole('size', SLOT_BYTES, SLOT_LIMIT * SLOT_BYTES) / SLOT_BYTES;
    seen.add(id);
    if (slots > SLOT_LIMIT) throw region.fault('size', `at most ${SLOT_LIMIT} slots in all pools`);
  }
}

function boot(init: Fields, dynamic: boolean, compare: Comparison): BootedPool {
  const result = init.inner('result');
  const answers = checkAnswers(result.list('ev', LIST_LIMIT), 1);
  const state = bootState();
  readBootValues(state, init.texts('param'));
  const adjust = init.wholeOr('adjust', 0, ADDRESS_MAX, -1);
  if (adjust >= 0) adjustSize(state, adjust);
  const flags = init.whole('flags', 0, 7);
  let asked = 0;
  const booted = initAtBoot(state, {
    addressingLimit: init.whole('addressingLimit', 0, 1) === 1,
    force: (flags & FLAG_FORCE) !== 0,
    any: (flags & FLAG_ANY) !== 0,
    cpus: init.whole('possibleCpus', 1, LIST_LIMIT),
    dynamic,
    topOfMemory: TOP_OF_MEMORY,
    allocate: (bytes) => {
      const answer = answers[asked++];
      compare.check('boot memory asked for', answer?.[1] ?? 'nothing', bytes);
      return answer?.[3] ?? -1;
    },
  });
  compare.check('requests for boot memory', answers.length, asked);
  const whole = (name: string) => result.whole(name, 0, ADDRESS_MAX);
  compare.check('default_nslabs', whole('defaultNslabs'), booted.defaultNslabs);
  compare.check('default_nareas', whole('defaultNareas'), booted.defaultNareas);
  compare.check('nslabs', whole('nslabs'), booted.pool?.nslabs ?? 0);
  compare.check('phys_limit', whole('physLimit'), booted.physLimit);
  compare.check('can_grow', whole('canGrow') === 1, booted.canGrow);
  compare.check('force_bounce', whole('forceBounce') === 1, booted.forceBounce);
  return booted;
}

/** The restricted allocators that the devices name, by the file's numbers. */
function restrictedMems(fields: Fields, swiotlb: Swiotlb): Map<number, TlbMem> {
  const mems = new Map<number, TlbMem>([[DEFAULT_MEM, swiotlb.mem]]);
  for (const device of fields.objects('devices', LIST_LIMIT)) {
    if (!device.has('restricted')) continue;
    const region = device.inner('restricted');
    const id = region.whole('mem', 1, LIST_LIMIT);
    if (mems.has(id)) continue;
    const bytes = region.whole('size', SLOT_BYTES, SLOT_LIMIT * SLOT_BYTES);
    mems.set(id, swiotlb.addRestricted(region.whole('base', 0, ADDRESS_MAX), bytes));
  }
  return mems;
}

function addDevice(
  fields: Fields,
  swiotlb: Swiotlb,
  mems: ReadonlyMap<number, TlbMem>,
  compare: Comparison,
): DmaDevice {
  const region = fields.has('restricted') ? fields.inner('restricted') : null;
  const mem = region === null ? swiotlb.mem : mems.get(region.whole('mem', 1, LIST_LIMIT));
  const device = swiotlb.addDevice(
    {
      minAlignMask: fields.lowMask('minAlignMask'),
      segBoundary: parseBoundary(fields.hex('segBoundary')),
      dmaMask: parseMask(fields.hex('dmaMask')),
      coherentMask: parseMask(fields.hex('coherentMask')),
      busLimit: parseMask(fields.hex('busLimit')),
    },
    mem,
  );
  const told = fields.wholeOr('maxMapping', 0, ADDRESS_MAX, -1);
  if (told >= 0) compare.check('max_mapping_size', told, swiotlb.maxMappingSize(device));
  return device;
}

function comparePools(fields: Fields, swiotlb: Swiotlb, compare: Comparison): Map<number, Pool> {
  const pools = new Map<number, Pool>();
  for (const said of fields.objects('pools', LIST_LIMIT)) {
    const base = said.whole('start', 0, ADDRESS_MAX);
    const pool = swiotlb.pools.find((candidate) => candidate.base === base);
    compare.check(`a pool at ${base}`, true, pool !== undefined);
    if (pool === undefined) continue;
    compare.check('nslabs', said.whole('nslabs', 0, SLOT_LIMIT), pool.nslabs);
    compare.check('nareas', said.whole('nareas', 0, SLOT_LIMIT), pool.nareas);
    compare.check('area_nslabs', said.whole('areaNslabs', 0, SLOT_LIMIT), pool.areaNslabs);
    compare.check('end', said.whole('end', 0, ADDRESS_MAX), pool.end);
    pools.set(said.whole('id', 0, SLOT_LIMIT), pool);
  }
  return pools;
}
