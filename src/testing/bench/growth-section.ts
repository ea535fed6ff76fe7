/** What growing costs the engine, as ratios to the same load without it, and what is kept of it. */
import { createSimulation } from '../../engine/create-simulation.ts';
import { GROWTH_TOTALS } from '../../engine/growth-totals.ts';
import type { AgeingSpec, MachineSpec, Scenario } from '../../engine/scenario.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { BURSTS, GROWING, SMALL } from '../../scenarios/growing/parts.ts';
import { LongGrowth } from '../long-growth.ts';
import { median } from './median.ts';

export interface GrowthRow {
  /** Pairs of map and unmap a wall second on a machine that has grown to what its load wants. */
  readonly grownPairsPerSecond: number;
  /** Time of a pair there, to the same load in one fixed pool of that size. */
  readonly grownRatio: number;
  /** The same where the pool is large enough from the start: what it costs to be able to grow. */
  readonly idleRatio: number;
  /** The same on a machine that wants to grow all the time and cannot: to the small pool, fixed. */
  readonly refusedRatio: number;
  /** Attempts to grow a wall second there, and in how many virtual ms it made how many. */
  readonly attemptsPerSecond: number;
  readonly attempts: number;
  readonly attemptsInMs: number;
  /** Attempts a wall second that the record alone takes in. */
  readonly recordedPerSecond: number;
  /** Bytes held by log, totals and history after so many attempts, and after the first 10,000. */
  readonly recordedAttempts: number;
  readonly recordBytes: number;
  readonly firstRecordBytes: number;
  readonly recordBytesBudget: number;
}

const ROUNDS = 9;
/** Rounds that are run and not counted: the engine's code is still being compiled. */
const WARM_UP_ROUNDS = 3;
/** Virtual time of a round. */
const ROUND_NS = 200e6;
const MEMORY_MIB = 256;
/** 4 MiB, and three times that: what the load makes it grow to. */
const SMALL_SLOTS = 2048;
const GROWN_SLOTS = 6144;
/** Uptime that leaves no block the worker could use. */
const WORN: AgeingSpec = { uptimeHours: 700, fill: 0.96, kernelShare: 0.35 };

const FEW = 10_000;
const MANY = 10_000_000;
/** Virtual time between two of them: the history merges its buckets many times over. */
const EVERY_NS = 5000;

function scenarioOf(slots: number, dynamic: boolean, ageing?: AgeingSpec): Scenario {
  const plain = { ...SMALL, memoryMiB: MEMORY_MIB, dynamic, commandLine: `swiotlb=${slots},force` };
  const machine: MachineSpec = ageing === undefined ? plain : { ...plain, ageing };
  return { ...GROWING, id: 'bench', title: 'bench', watch: '', machine, devices: [BURSTS] };
}

/** One run, a round at a time. */
class Lane {
  readonly simulation: Simulation;
  readonly pairNs: number[] = [];
  /** Wall ns of the counted rounds, and attempts in them. */
  tookNs = 0;
  attempts = 0;

  constructor(scenario: Scenario) {
    this.simulation = createSimulation(scenario);
  }

  round(now: () => number, round: number): void {
    const { ledger, growth } = this.simulation;
    const [maps, attempts] = [ledger.maps, growth.count];
    const start = now();
    this.simulation.runUntil((round + 1) * ROUND_NS, Infinity);
    const tookNs = now() - start;
    if (round < WARM_UP_ROUNDS) return;
    this.pairNs.push(tookNs / Math.max(1, ledger.maps - maps));
    this.tookNs += tookNs;
    this.attempts += growth.count - attempts;
  }
}

/** Median of the counted rounds' own ratios. */
function ratio(over: Lane, under: Lane): number {
  return median(over.pairNs.map((ns, round) => ns / (under.pairNs[round] ?? Number.NaN)));
}

/** Bytes that a record of so many attempts holds, and the wall ns it took to make. */
function recordOf(
  events: number,
  now: () => number,
  heldBytes: () => number,
): { bytes: number; tookNs: number } {
  const before = heldBytes();
  const record = new LongGrowth();
  const start = now();
  record.run({
    events,
    everyNs: EVERY_NS,
    growthFailedAt: new Set(),
    mapFailedAt: new Set(),
    halvedEvery: 1000,
    logsAll: true,
  });
  const tookNs = now() - start;
  const bytes = heldBytes() - before;
  // Named, so that all of the record is still there when its memory is counted.
  const { log, totals, history, used } = record;
  const counted = totals.counts[GROWTH_TOTALS.transients] ?? 0;
  if (log.count !== events || counted > events || history.filled < 1 || used === 0) {
    throw new RangeError('the record has lost attempts');
  }
  return { bytes, tookNs };
}

/** Measures the record alone, and then five runs, round by round in turn. */
export function growthSection(now: () => number, heldBytes: () => number): GrowthRow {
  // First: what the simulations leave behind would be counted.
  for (let warmUp = 0; warmUp < WARM_UP_ROUNDS; warmUp++) recordOf(FEW, now, heldBytes);
  const first = recordOf(FEW, now, heldBytes);
  const all = recordOf(MANY, now, heldBytes);
  const grown = new Lane(scenarioOf(SMALL_SLOTS, true));
  const fixed = new Lane(scenarioOf(GROWN_SLOTS, false));
  const idle = new Lane(scenarioOf(GROWN_SLOTS, true));
  const refused = new Lane(scenarioOf(SMALL_SLOTS, true, WORN));
  const small = new Lane(scenarioOf(SMALL_SLOTS, false));
  for (let round = 0; round < ROUNDS + WARM_UP_ROUNDS; round++) {
    for (const lane of [grown, fixed, idle, refused, small]) lane.round(now, round);
  }
  const { nslabs } = grown.simulation.swiotlb.mem;
  if (nslabs < GROWN_SLOTS) throw new RangeError(`the machine has grown to ${nslabs} slots only`);
  if (idle.simulation.growth.count > 0) throw new RangeError('the large pool was too small');
  return {
    grownPairsPerSecond: 1e9 / median(grown.pairNs),
    grownRatio: ratio(grown, fixed),
    idleRatio: ratio(idle, fixed),
    refusedRatio: ratio(refused, small),
    attemptsPerSecond: (refused.attempts * 1e9) / refused.tookNs,
    attempts: refused.attempts,
    attemptsInMs: (ROUNDS * ROUND_NS) / 1e6,
    recordedPerSecond: (MANY * 1e9) / all.tookNs,
    recordedAttempts: MANY,
    recordBytes: all.bytes,
    firstRecordBytes: first.bytes,
    recordBytesBudget: 2 ** 20,
  };
}
