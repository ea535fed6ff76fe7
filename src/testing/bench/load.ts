/**
 * Steady loads for the bench: a pool held at a given occupancy by mixed maps and unmaps.
 *
 * The load is worked out once, on a machine of its own, and then replayed on the machines that are
 * measured, so that neither chance nor bookkeeping is part of what is timed.
 */
import { NO_DEMANDS } from '../../model/device.ts';
import { NO_PAGES } from '../../model/page-source.ts';
import type { SearchKind } from '../../model/pool.ts';
import { Swiotlb } from '../../model/swiotlb.ts';
import { FAILED } from '../../model/units.ts';
import { testRandom } from '../random-machine.ts';

/** A pool to measure on. */
export interface LoadPool {
  readonly base: number;
  readonly nslabs: number;
  readonly nareas: number;
  readonly cpus: number;
}

/** Operations in a row; parallel arrays, one entry per map in the request arrays. */
export interface Load {
  readonly pool: LoadPool;
  /** A map's number, or ~number to unmap it. */
  readonly operations: Int32Array;
  /** Operations that only fill the pool and are not timed. */
  readonly prefill: number;
  readonly device: Uint8Array;
  readonly cpu: Uint8Array;
  readonly orig: Float64Array;
  readonly size: Uint32Array;
}

/** The machine a load runs on: two devices, one that keeps page offsets (NVMe) and one that does not. */
export function loadMachine({ base, nslabs, nareas }: LoadPool, search: SearchKind): Swiotlb {
  const swiotlb = new Swiotlb({
    dynamic: false,
    search,
    defaultNslabs: nslabs,
    defaultNareas: nareas,
    canGrow: false,
    physLimit: 0,
    forceBounce: true,
    pages: NO_PAGES,
  });
  swiotlb.addPool({ base, nslabs, nareas, kind: 'default' });
  swiotlb.addDevice(NO_DEMANDS);
  swiotlb.addDevice({ ...NO_DEMANDS, minAlignMask: 4095 });
  return swiotlb;
}

/** Sizes as in the recorded placement file d7: many small, many pages, a few up to 256 KiB. */
function drawSize(random: () => number): number {
  const kind = random();
  const between = (low: number, high: number) => low + Math.floor(random() * (high - low));
  if (kind < 0.4) return between(64, 2048);
  if (kind < 0.7) return 4096;
  if (kind < 0.85) return between(4096, 16_384);
  if (kind < 0.9) return 32_768;
  return kind < 0.95 ? 65_536 : between(131_072, 262_144);
}

/** Builds a load of `pairs` maps and as many unmaps around `occupancy` (0 to 1), after filling up. */
export function steadyLoad(pool: LoadPool, occupancy: number, pairs: number, seed: number): Load {
  const random = testRandom(seed);
  const machine = loadMachine(pool, 'fast');
  const { mem, devices } = machine;
  const target = Math.floor(pool.nslabs * occupancy);
  const operations: number[] = [];
  const requests: { device: number; cpu: number; orig: number; size: number; tlb: number }[] = [];
  const live: number[] = [];
  const map = (): void => {
    const size = drawSize(random);
    const device = random() < 0.25 ? 1 : 0;
    const cpu = Math.floor(random() * pool.cpus);
    const orig = 2 ** 32 + Math.floor(random() * 2 ** 32);
    const who = devices[device];
    if (who === undefined) throw new RangeError(`no device ${device}`);
    const tlb = machine.map(who, cpu, orig, size);
    operations.push(requests.length);
    if (tlb !== FAILED) live.push(requests.length);
    requests.push({ device, cpu, orig, size, tlb });
  };
  const unmap = (): void => {
    const index = Math.floor(random() * live.length);
    const number = live[index] ?? 0;
    live[index] = live.at(-1) ?? 0;
    live.pop();
    const request = requests[number];
    const who = devices[request?.device ?? 0];
    if (request === undefined || who === undefined) throw new RangeError(`no map ${number}`);
    machine.unmap(who, request.tlb);
    operations.push(~number);
  };
  while (mem.used < target) map();
  const prefill = operations.length;
  while (operations.length < prefill + 2 * pairs) {
    if (mem.used >= target) unmap();
    else map();
  }
  return {
    pool,
    operations: Int32Array.from(operations),
    prefill,
    device: Uint8Array.from(requests, ({ device }) => device),
    cpu: Uint8Array.from(requests, ({ cpu }) => cpu),
    orig: Float64Array.from(requests, ({ orig }) => orig),
    size: Uint32Array.from(requests, ({ size }) => size),
  };
}

const MAP_ROW = /^m,(\d),(\d+),(\d+),(\d+),/;

/** The load of a placement file (`swiotlb-placement-csv/1`); its recorded answers are left aside. */
export function recordedLoad(csv: string, pool: LoadPool, prefill: number): Load {
  const rows = csv.split('\n').slice(1);
  const maps = rows.map((row) => MAP_ROW.exec(row)).filter((match) => match !== null);
  let next = 0;
  const operations = rows
    .filter((row) => row !== '')
    .map((row) => (row.startsWith('m') ? next++ : ~Number(row.slice(2))));
  const column = (index: number) => maps.map((match) => Number(match[index]));
  return {
    pool,
    operations: Int32Array.from(operations),
    prefill,
    device: Uint8Array.from(column(1)),
    cpu: Uint8Array.from(column(2)),
    orig: Float64Array.from(column(3), (low) => 2 ** 32 + low),
    size: Uint32Array.from(column(4)),
  };
}

/** A load under way on one machine; every call goes on where the last one stopped. */
export class LoadRun {
  readonly machine: Swiotlb;
  readonly #load: Load;
  readonly #tlb: Float64Array;
  #at = 0;

  constructor(load: Load, search: SearchKind) {
    this.#load = load;
    this.machine = loadMachine(load.pool, search);
    this.#tlb = new Float64Array(load.size.length);
  }

  /** Runs operations up to number `end` (excluded). */
  runTo(end: number): void {
    const { operations, device, cpu, orig, size } = this.#load;
    const { machine } = this;
    const [plain, keeping] = machine.devices;
    if (plain === undefined || keeping === undefined) throw new RangeError('no devices');
    for (; this.#at < end; this.#at++) {
      const operation = operations[this.#at] as number;
      const number = operation < 0 ? ~operation : operation;
      const who = device[number] === 1 ? keeping : plain;
      if (operation < 0) {
        machine.unmap(who, this.#tlb[number] as number);
        continue;
      }
      this.#tlb[number] = machine.map(
        who,
        cpu[number] as number,
        orig[number] as number,
        size[number] as number,
      );
    }
  }
}
