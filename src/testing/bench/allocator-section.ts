/** What a map and its unmap cost: the fast slot table against the reference, in one run. */
import { NO_DEMANDS } from '../../model/device.ts';
import { ReferenceTable } from '../../model/reference-table.ts';
import { SearchTerms } from '../../model/search-terms.ts';
import { LoadRun, recordedLoad, steadyLoad, type Load } from './load.ts';
import { median } from './median.ts';

export interface AllocatorRow {
  readonly trace: string;
  /** Medians, nanoseconds a map and unmap. */
  readonly fastNs: number;
  readonly referenceNs: number;
  /** Median of the rounds' own ratios: both sides of a round ran one after the other. */
  readonly ratio: number;
}

const ROUNDS = 9;
const SEED = 20_251_120;

interface Steady {
  readonly trace: string;
  readonly nslabs: number;
  readonly nareas: number;
  readonly occupancy: number;
  /** Pairs a round; fewer where the reference is slow. */
  readonly pairs: number;
}

const MIB_64 = 32_768;
const GIB_1 = 524_288;
const STEADY: readonly Steady[] = [
  { trace: '64m-1a-10', nslabs: MIB_64, nareas: 1, occupancy: 0.1, pairs: 120_000 },
  { trace: '64m-1a-70', nslabs: MIB_64, nareas: 1, occupancy: 0.7, pairs: 60_000 },
  { trace: '64m-1a-95', nslabs: MIB_64, nareas: 1, occupancy: 0.95, pairs: 16_000 },
  { trace: '64m-8a-70', nslabs: MIB_64, nareas: 8, occupancy: 0.7, pairs: 60_000 },
  { trace: '1g-32a-10', nslabs: GIB_1, nareas: 32, occupancy: 0.1, pairs: 120_000 },
  { trace: '1g-32a-70', nslabs: GIB_1, nareas: 32, occupancy: 0.7, pairs: 12_000 },
  { trace: '1g-32a-95', nslabs: GIB_1, nareas: 32, occupancy: 0.95, pairs: 6000 },
];

/** Measures every steady load, then the recorded one (`placement`, the text of d7-a). */
export function allocatorSection(now: () => number, placement: string): AllocatorRow[] {
  const rows = STEADY.map(({ trace, nslabs, nareas, occupancy, pairs }) => {
    const pool = { base: 2 ** 30, nslabs, nareas, cpus: nareas };
    return measure(trace, steadyLoad(pool, occupancy, pairs * (ROUNDS + 1), SEED), now);
  });
  const pool = { base: 2 ** 30, nslabs: GIB_1, nareas: 32, cpus: 32 };
  return [...rows, measure('d7-a', recordedLoad(placement, pool, 39_789), now)];
}

/** Runs both tables through the load, a round of the one, then the same round of the other. */
function measure(trace: string, load: Load, now: () => number): AllocatorRow {
  const fast = new LoadRun(load, 'fast');
  const reference = new LoadRun(load, 'reference');
  const timed = load.operations.length - load.prefill;
  // One round more than is counted warms both up.
  const step = Math.floor(timed / (ROUNDS + 1));
  const fastNs: number[] = [];
  const referenceNs: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const end = load.prefill + (round + 1) * step;
    fast.runTo(end - step);
    reference.runTo(end - step);
    const start = now();
    fast.runTo(end);
    const between = now();
    reference.runTo(end);
    if (round === 0) continue;
    fastNs.push(((between - start) * 2) / step);
    referenceNs.push(((now() - between) * 2) / step);
  }
  if (fast.machine.mem.used !== reference.machine.mem.used) {
    throw new RangeError(`${trace}: the two tables parted`);
  }
  const ratios = fastNs.map((ns, round) => ns / (referenceNs[round] ?? Number.NaN));
  return { trace, fastNs: median(fastNs), referenceNs: median(referenceNs), ratio: median(ratios) };
}

/** What the reference's scan costs a slot, beside the barest scan there is. */
export interface ScanRow {
  readonly referenceNsPerSlot: number;
  readonly bareNsPerSlot: number;
  readonly ratio: number;
}

const SCANS_A_ROUND = 60;

/** Scans a full 64 MiB area in vain, and a Uint16Array of as many elements. */
export function scanSection(now: () => number): ScanRow {
  const table = new ReferenceTable(MIB_64);
  for (let slot = 0; slot < MIB_64; slot++) table.claim(slot, 1, 2048, 0);
  const terms = new SearchTerms();
  terms.ask(NO_DEMANDS, 2 ** 32, 2000, 0);
  terms.aim(2 ** 30, Infinity);
  const bare = new Uint16Array(MIB_64);
  const referenceNs: number[] = [];
  const bareNs: number[] = [];
  let found = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    const start = now();
    for (let scan = 0; scan < SCANS_A_ROUND; scan++) found += table.find(0, MIB_64, scan, terms);
    const between = now();
    for (let scan = 0; scan < SCANS_A_ROUND; scan++) found += bareScan(bare, 1);
    const end = now();
    if (round === 0) continue;
    referenceNs.push((between - start) / (SCANS_A_ROUND * MIB_64));
    bareNs.push((end - between) / (SCANS_A_ROUND * MIB_64));
  }
  if (found !== -2 * SCANS_A_ROUND * (ROUNDS + 1)) throw new RangeError('a scan found something');
  const ratios = referenceNs.map((ns, round) => ns / (bareNs[round] ?? Number.NaN));
  return {
    referenceNsPerSlot: median(referenceNs),
    bareNsPerSlot: median(bareNs),
    ratio: median(ratios),
  };
}

function bareScan(list: Uint16Array, wanted: number): number {
  for (let slot = 0; slot < list.length; slot++) {
    if ((list[slot] as number) >= wanted) return slot;
  }
  return -1;
}
