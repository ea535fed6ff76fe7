/**
 * Replays a `swiotlb-placement-csv/1` file: maps and unmaps of a large machine, each map with the
 * slot the kernel took, and the kernel's counters and hashes at the end.
 */
import { at } from '../model/array.ts';
import type { SearchKind } from '../model/pool.ts';
import { FAILED } from '../model/units.ts';
import { Comparison } from './comparison.ts';
import { quoted, TraceFault } from './fault.ts';
import type { Fields } from './fields.ts';
import type { FileReport } from './file-report.ts';
import { comparePoolState } from './pool-state.ts';
import { bootVectorMachine, type VectorMachine } from './vector-machine.ts';

/** Original buffers lie above this; the file has the rest. */
const ORIG_BASE = 2 ** 32;

export class PlacementReplay {
  readonly #compare = new Comparison();
  readonly #machine: VectorMachine;
  readonly #final: Fields;
  /** Per map id: device and address. */
  readonly #owners: number[] = [];
  readonly #addresses: number[] = [];
  #endLine = 1;

  /** Boots the machine of the header. @throws TraceFault when a field is not what it must be. */
  constructor(header: Fields, search: SearchKind = 'fast') {
    this.#compare.begin(1, false);
    this.#machine = bootVectorMachine(header, search, this.#compare);
    this.#final = header.inner('final');
  }

  /** Replays one row. @throws TraceFault when it is none. */
  read(text: string, line: number): void {
    this.#endLine = line;
    const cells = text.trimEnd().split(',');
    const numbers = cells.slice(1).map(Number);
    if (!numbers.every(Number.isSafeInteger)) {
      throw new TraceFault(`Line ${line} is ${quoted(text)}, expected whole numbers.`);
    }
    if (cells[0] === 'm' && numbers.length === 5) this.#map(numbers, line);
    else if (cells[0] === 'u' && numbers.length === 1) this.#unmap(at(numbers, 0), line);
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
    if (pool === null) return compare.report();
    comparePoolState(compare, pool, {
      hashes: final.list('hash', 4),
      used: final.list('areaUsed', pool.nareas),
      index: final.list('areaIndex', pool.nareas),
    });
    return compare.report();
  }
}
