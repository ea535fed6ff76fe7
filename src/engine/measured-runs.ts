/**
 * A benchmark in virtual time: one simulation, cut into equal spans without a reboot between them,
 * and what each span came to. Nothing is drawn here: spans differ because the load's own streams of
 * chance go on from one to the next.
 */
import { DEVICE, DEVICE_FIELDS } from './frame.ts';
import type { Simulation } from './simulation.ts';

const NS_PER_MS = 1e6;
const MIB = 1_048_576;
const SECOND_MS = 1000;

/** What one span came to. Counts are of this span alone, unless they say "after". */
export interface RunFigures {
  /** Of the measured device: finished requests' bytes, MiB a virtual second. */
  readonly mibPerSecond: number;
  readonly requests: number;
  /** Maps that found no room, of all devices. */
  readonly failedMaps: number;
  /** Pools the growth worker added, and those made for a single request. */
  readonly grown: number;
  readonly transients: number;
  /** Calls that convert memory to shared, and 4 KiB pages they were about; 2 MiB counts as 512. */
  readonly conversionCalls: number;
  readonly convertedPages: number;
  /** Modelled CPU time of all attempts to grow: getting pages, moving and converting them, ns. */
  readonly growthNs: number;
  /** Area locks taken, those that had to be waited for, and that waiting together in ns. */
  readonly locksTaken: number;
  readonly locksContended: number;
  readonly spunNs: number;
  /** Slots of all pools after the span, transient ones left out; pools, and areas they have. */
  readonly slotsAfter: number;
  readonly poolsAfter: number;
  readonly areasAfter: number;
  /** Most slots ever in use up to its end. */
  readonly peakSlots: number;
}

interface Totals {
  bytes: number;
  requests: number;
  failedMaps: number;
  grown: number;
  transients: number;
  growthNs: number;
  calls: number;
  pages: number;
  taken: number;
  contended: number;
  spunNs: number;
}

const PAGES_PER_LARGE = 512;

/**
 * Runs `spans` spans of `spanMs` each and measures one device; gives what a span came to as soon as
 * it is over.
 *
 * @param simulation at virtual time 0: the first span begins at boot.
 * @param device index of the measured device in the scenario.
 * @throws RangeError when the scenario is shorter than the spans together.
 */
export function* measuredRuns(
  simulation: Simulation,
  device: number,
  spans: number,
  spanMs: number,
): Generator<RunFigures, void> {
  if (spans * spanMs * NS_PER_MS > simulation.endNs) {
    throw new RangeError(`${spans} spans of ${spanMs} ms do not fit into the scenario`);
  }
  let before = totals(simulation, device);
  for (let span = 1; span <= spans; span++) {
    simulation.runUntil(span * spanMs * NS_PER_MS, Infinity);
    const after = totals(simulation, device);
    yield figuresOf(simulation, before, after, spanMs);
    before = after;
  }
}

function totals(simulation: Simulation, device: number): Totals {
  const { ledger, books, pages, swiotlb } = simulation;
  const { pagesNs, migrateNs, convertNs } = books.spent;
  const at = device * DEVICE_FIELDS;
  const { smallPages = 0, largePages = 0, calls = 0 } = pages?.guest.toShared ?? {};
  return {
    bytes: ledger.deviceRows[at + DEVICE.doneBytes] ?? 0,
    requests: ledger.deviceRows[at + DEVICE.done] ?? 0,
    failedMaps: ledger.failedMaps,
    grown: swiotlb.pools.filter(({ kind }) => kind === 'dynamic').length,
    transients: books.transients,
    growthNs: pagesNs + migrateNs + convertNs,
    calls,
    pages: smallPages + largePages * PAGES_PER_LARGE,
    ...lockTotals(simulation),
  };
}

/** Over the pools that stay; a transient one has a lock of its own that nobody waits for. */
function lockTotals({
  swiotlb,
  locks,
}: Simulation): Pick<Totals, 'taken' | 'contended' | 'spunNs'> {
  const sum = { taken: 0, contended: 0, spunNs: 0 };
  for (let pool = swiotlb.mem.head; pool !== null; pool = pool.next) {
    const table = locks.of(pool);
    for (let area = 0; area < pool.nareas; area++) {
      sum.taken += table.taken[area] ?? 0;
      sum.contended += table.contended[area] ?? 0;
      sum.spunNs += table.spunNs[area] ?? 0;
    }
  }
  return sum;
}

function figuresOf(
  { swiotlb }: Simulation,
  before: Totals,
  after: Totals,
  spanMs: number,
): RunFigures {
  let poolsAfter = 0;
  let areasAfter = 0;
  for (let pool = swiotlb.mem.head; pool !== null; pool = pool.next) {
    poolsAfter++;
    areasAfter += pool.nareas;
  }
  return {
    mibPerSecond: ((after.bytes - before.bytes) / MIB / spanMs) * SECOND_MS,
    requests: after.requests - before.requests,
    failedMaps: after.failedMaps - before.failedMaps,
    grown: after.grown - before.grown,
    transients: after.transients - before.transients,
    conversionCalls: after.calls - before.calls,
    convertedPages: after.pages - before.pages,
    growthNs: after.growthNs - before.growthNs,
    locksTaken: after.taken - before.taken,
    locksContended: after.contended - before.contended,
    spunNs: after.spunNs - before.spunNs,
    slotsAfter: swiotlb.mem.nslabs,
    poolsAfter,
    areasAfter,
    peakSlots: swiotlb.mem.hiwater,
  };
}
