/**
 * Replays a `swiotlb-init-table/1` file: boot parameters and what the kernel made of them, one case
 * a line. What boot memory and the page allocator answered is input.
 */
import { bootState, type BootState } from '../model/boot-line.ts';
import {
  adjustSize,
  encryptedGuestBytes,
  initAtBoot,
  initLate,
  readBootValues,
  swiotlbLimit,
  type BootedPool,
  type LateOptions,
} from '../model/boot.ts';
import { PAGE_BYTES, roundUp, SLOT_BYTES } from '../model/geometry.ts';
import { NO_PAGES, type PageSource } from '../model/page-source.ts';
import { Swiotlb } from '../model/swiotlb.ts';
import { Announced } from './announced.ts';
import { Comparison } from './comparison.ts';
import { Fields } from './fields.ts';
import type { FileReport } from './file-report.ts';
import { parseObject } from './read-lines.ts';
import { isWholes } from './vector-op.ts';

const LIMIT = 2 ** 52;
const FLAG_FORCE = 2;
const FLAG_ANY = 4;
/** Top of memory on the machine the table was made on: 16 GiB. */
const TOP_OF_MEMORY = 2 ** 34 - 1;
const TRIES_LIMIT = 64;
const CPU_LIMIT = 8192;

export class InitReplay {
  readonly #compare = new Comparison();

  readonly #announced: Announced;

  constructor(header: Fields) {
    this.#announced = new Announced(header, ['cases']);
  }

  /** Replays one case. @throws TraceFault when a field is not what it must be. */
  read(text: string, line: number): void {
    const fields = new Fields().aim(parseObject(text, line), line);
    const given = fields.inner('in');
    const out = fields.inner('out');
    this.#announced.count('cases');
    this.#compare.begin(line, true);
    const state = stateOf(given);
    const answers = answersOf(out);
    const booted = given.has('late')
      ? this.#late(given, out, state, answers)
      : this.#boot(given, out, state, answers);
    this.#compareBoot(out, booted);
    if (booted.pool !== null) this.#comparePool(out, booted, booted.pool);
    if (out.has('grow')) this.#compareGrowth(given, out, booted);
  }

  report(): FileReport {
    const report = this.#compare.report();
    return { ...report, failures: [...report.failures, ...this.#announced.differences()] };
  }

  #boot(given: Fields, out: Fields, state: BootState, answers: Answers): BootedPool {
    const flags = given.whole('flags', 0, 7);
    const booted = initAtBoot(state, {
      addressingLimit: given.whole('limit', 0, 1) === 1,
      force: (flags & FLAG_FORCE) !== 0,
      any: (flags & FLAG_ANY) !== 0,
      cpus: given.whole('cpus', 1, CPU_LIMIT),
      dynamic: given.flag('dynamic'),
      topOfMemory: TOP_OF_MEMORY,
      allocate: (bytes) => answers.get(bytes) ?? -1,
    });
    this.#compare.same('ok', out.whole('ok', 0, 1), booted.pool === null ? 0 : 1);
    return booted;
  }

  #late(given: Fields, out: Fields, state: BootState, answers: Answers): BootedPool {
    const late = given.inner('late');
    const pool = initLate(state, {
      bytes: late.whole('size', 0, LIMIT),
      zone: zoneOf(late),
      cpus: given.whole('cpus', 1, CPU_LIMIT),
      dynamic: given.flag('dynamic'),
      topOfMemory: TOP_OF_MEMORY,
      allocate: (order) => answers.get(order) ?? -1,
    });
    this.#compare.same('rc', out.whole('rc', -4096, 0), pool.rc);
    return pool;
  }

  #compareBoot(out: Fields, booted: BootedPool): void {
    const compare = this.#compare;
    const same = (name: string, got: number) => {
      if (out.has(name)) compare.same(name, out.whole(name, 0, LIMIT), got);
    };
    same('nslabs', booted.pool?.nslabs ?? 0);
    same('defaultNslabs', booted.defaultNslabs);
    same('defaultNareas', booted.defaultNareas);
    same('forceBounce', booted.forceBounce ? 1 : 0);
    same('canGrow', booted.canGrow ? 1 : 0);
    same('physLimit', booted.physLimit);
    const tried = JSON.stringify(triedOf(out));
    compare.same('tried', tried, JSON.stringify(booted.tried));
  }

  #comparePool(out: Fields, booted: BootedPool, pool: NonNullable<BootedPool['pool']>): void {
    const compare = this.#compare;
    const { base, nslabs, nareas } = pool;
    compare.same('nareas', out.whole('nareas', 0, LIMIT), nareas);
    compare.same('areaNslabs', out.whole('areaNslabs', 0, LIMIT), Math.floor(nslabs / nareas));
    compare.same('start', out.whole('start', 0, LIMIT), base);
    compare.same('limit', out.whole('limit', 0, LIMIT), swiotlbLimit(booted));
    const pages = (nslabs * SLOT_BYTES) / PAGE_BYTES;
    compare.same('decryptedPages', out.whole('decryptedPages', 0, LIMIT), pages);
  }

  /** The first pool that the worker adds; its memory comes behind a pool made late. */
  #compareGrowth(given: Fields, out: Fields, booted: BootedPool): void {
    const said = out.isNull('grow') ? null : out.wholesOrNull('grow', 3, LIMIT);
    const { pool: first } = booted;
    const late = given.has('late') && first !== null ? first : null;
    const pages = firstFitPages(late?.base ?? 0, (late?.nslabs ?? 0) * SLOT_BYTES);
    const dynamic = given.flag('dynamic');
    const pool = new Swiotlb({ ...booted, dynamic, search: 'fast', pages }).grow();
    const got = pool === null ? null : [pool.nslabs, pool.nareas, pool.base];
    this.#compare.same('grown pool', JSON.stringify(said), JSON.stringify(got));
  }
}

/**
 * The page allocator that the table's legend describes: first fit in zones DMA (1 to 16 MiB), DMA32
 * (to 3 GiB) and normal (4 to 16 GiB), one block being taken.
 */
function firstFitPages(takenBase: number, takenBytes: number): PageSource {
  const mib = 2 ** 20;
  const zones = {
    1: [mib, 16 * mib],
    4: [16 * mib, 3072 * mib],
    0: [4096 * mib, 16_384 * mib],
  } as const;
  return {
    ...NO_PAGES,
    allocPages: (order, zone) => {
      const bytes = PAGE_BYTES * 2 ** order;
      const [from, to] = zones[zone];
      let base = roundUp(from, bytes);
      const isTaken = base < takenBase + takenBytes && takenBase < base + bytes;
      if (isTaken) base = roundUp(takenBase + takenBytes, bytes);
      return base + bytes <= to ? base : -1;
    },
    allocSlotArray: () => true,
  };
}

/** What each size (boot) or order (late) that the kernel tried was answered with. */
type Answers = ReadonlyMap<number, number>;

function answersOf(out: Fields): Answers {
  return new Map(triedOf(out));
}

/** Pairs of what was asked for and the address given. */
function triedOf(out: Fields): readonly (readonly [asked: number, addr: number])[] {
  const tried = out.list('tried', TRIES_LIMIT);
  if (tried.every(isPair)) return tried;
  throw out.fault('tried', 'pairs of whole numbers');
}

function isPair(entry: unknown): entry is readonly [number, number] {
  return isWholes(entry) && entry.length === 2;
}

function stateOf(given: Fields): BootState {
  const state = bootState();
  readBootValues(state, given.texts('params'));
  const memory = given.wholeOr('guestMem', 0, LIMIT, -1);
  if (memory >= 0) adjustSize(state, encryptedGuestBytes(memory));
  const adjust = given.wholeOr('adjust', 0, LIMIT, -1);
  if (adjust >= 0) adjustSize(state, adjust);
  return state;
}

function zoneOf(late: Fields): LateOptions['zone'] {
  const zone = late.text('gfp', 40);
  return zone === 'DMA' || zone === 'DMA32' ? zone : 'any';
}
