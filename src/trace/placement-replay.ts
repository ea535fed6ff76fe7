/**
 * Replays a `swiotlb-placement-csv/1` file: maps and unmaps of a large machine, each map with the
 * slot the kernel took, and the kernel's counters and hashes at the end.
 */
import { at } from '../model/array.ts';
import type { SearchKind } from '../model/pool.ts';
import { ADDRESS_LIMIT, FAILED } from '../model/units.ts';
import { Announced } from './announced.ts';
import { Comparison } from './comparison.ts';
import { quoted, TraceFault } from './fault.ts';
import type { Fields } from './fields.ts';
import type { FileReport } from './file-report.ts';
import { CPU_LIMIT, SIZE_LIMIT, SLOT_LIMIT } from './header-check.ts';
import { comparePoolState } from './pool-state.ts';
import { bootVectorMachine, type VectorMachine } from './vector-machine.ts';

/** Original buffers lie above this; the file has the rest. */
const ORIG_BASE = 2 ** 32;

type Limits = readonly [min: number, max: number];

/** Device, CPU, low part of the original address, size, slot. */
const MAP_LIMITS: readonly Limits[] = [
  [0, SIZE_LIMIT],
  [0, CPU_LIMIT - 1],
  [0, ADDRESS_LIMIT - ORIG_BASE - 1],
  [1, SIZE_LIMIT],
  [FAILED, SLOT_LIMIT],
];
const UNMAP_LIMITS: readonly Limits[] = [[0, Number.MAX_SAFE_INTEGER]];

export class PlacementReplay {
  readonly #compare = new Comparison();
  readonly #machine: VectorMachine;
  readonly #final: Fields;
  readonly #announced: Announced;
  /** Per map id: device and address. */
  readonly #owners: number[] = [];
  readonly #addresses: number[] = [];
  #endLine = 1;

  /** Boots the machine of the header. @throws TraceFault when a field is not what it must be. */
  constructor(header: Fields, search: SearchKind = 'fast') {
    this.#compare.begin(1, false);
    this.#machine = bootVectorMachine(header, search, this.#compare);
    this.#final = header.inner('final');
    this.#announced = new Announced(header, ['ops', 'fails']);
    checkPrefill(header);
  }

  /** Replays one row. @throws TraceFault when it is none. */
  read(text: string, line: number): void {
    this.#endLine = line;
    const cells = text.trimEnd().split(',');
    const numbers = cells.slice(1).map(wholeOf);
    const isMap = cells[0] === 'm' && areInRange(numbers, MAP_LIMITS);
    const isUnmap = cells[0] === 'u' && areInRange(numbers, UNMAP_LIMITS);
    this.#announced.count('ops');
    if (isMap) this.#map(numbers, line);
    else if (isUnmap) this.#unmap(at(numbers, 0), line);
    else throw new TraceFault(`Line ${line} is ${quoted(text)}, expected a map or an unmap.`);
  }

  #map(row: readonly number[], line: number): void {
    const { swiotlb, devices } = this.#machine;
    const device = devices[at(row, 0)];
    if (device === undefined)
      throw new TraceFault(`Line ${line}: device ${at(row, 0)} is missing.`);
    const tlb = swiotlb.tblMapSingle(device, at(row, 1), ORIG_BASE + at(row, 2), at(row, 3));
    this.#owners.push(at(row, 0));
    this.#addresses.push(tlb);
    if (at(row, 4) === FAILED) this.#announced.count('fails');
    this.#compare.begin(line, true);
    this.#compare.same('slot', at(row, 4), swiotlb.outcome.slot);
  }

  #unmap(id: number, line: number): void {
    const { swiotlb, devices } = this.#machine;
    const device = devices[this.#owners[id] ?? -1];
    const tlb = this.#addresses[id] ?? FAILED;
    this.#compare.begin(line, false);
    const unmapped = device !== undefined && tlb !== FAILED && swiotlb.unmap(device, tlb);
    this.#compare.same('unmapped', true, unmapped);
  }

  /** Compares the end state. */
  report(): FileReport {
    const compare = this.#compare;
    const { swiotlb } = this.#machine;
    const final = this.#final;
    compare.begin(this.#endLine, false);
    const limit = 2 ** 32;
    compare.check('io_tlb_used', final.whole('used', 0, limit), swiotlb.mem.used);
    compare.check('io_tlb_used_hiwater', final.whole('hiwater', 0, limit), swiotlb.mem.hiwater);
    const pool = swiotlb.mem.head;
    if (pool !== null) {
      comparePoolState(compare, pool, {
        hashes: final.wholesOrNull('hash', 4, limit),
        used: final.wholesOrNull('areaUsed', pool.nareas, limit),
        index: final.wholesOrNull('areaIndex', pool.nareas, limit),
      });
    }
    const report = compare.report();
    return { ...report, failures: [...report.failures, ...this.#announced.differences()] };
  }
}

/** A cell as a whole number; NaN for an empty one, which `Number` takes as 0. */
function wholeOf(cell: string): number {
  return /^-?\d{1,16}$/.test(cell) ? Number(cell) : Number.NaN;
}

function areInRange(numbers: readonly number[], limits: readonly Limits[]): boolean {
  if (numbers.length !== limits.length) return false;
  return limits.every(
    ([min, max], index) => at(numbers, index) >= min && at(numbers, index) <= max,
  );
}

/** The first `prefillOps` rows fill the pool; they are rows like any other. */
function checkPrefill(header: Fields): void {
  const ops = header.wholeOr('ops', 0, 2 ** 32, 2 ** 32);
  header.wholeOr('prefillOps', 0, ops, 0);
}
