/** What the whole engine costs: Confidential VM with a 1 GiB pool, beside the bare allocator. */
import { bootMachine, type Machine } from '../../engine/machine.ts';
import type { Scenario } from '../../engine/scenario.ts';
import { createSimulation } from '../../engine/create-simulation.ts';
import { FAILED } from '../../model/units.ts';
import { confidentialVm } from '../../scenarios/confidential-vm.ts';
import { median } from './median.ts';

export interface EngineRow {
  /** Maps and unmaps a wall second, by two: devices, events, locks and counters included. */
  readonly pairsPerSecond: number;
  readonly eventsPerSecond: number;
  /** Nanoseconds a pair takes in the engine, and in the bare allocator on the same operations. */
  readonly pairNs: number;
  readonly barePairNs: number;
  /** The one by the other: median of the rounds' own ratios. */
  readonly ratioToBare: number;
  /** Slots of the pool, and how many of them are in use on average. */
  readonly slots: number;
  readonly meanUsed: number;
}

const ROUNDS = 9;
/** Rounds that are run and not counted: the engine's code is still being compiled. */
const WARM_UP_ROUNDS = 3;
/** Virtual time of a round. */
const ROUND_NS = 100e6;
/** An encrypted guest of this size gets a pool of 1 GiB. */
const MEMORY_MIB = 16_384;

const scenario: Scenario = {
  ...confidentialVm,
  machine: { ...confidentialVm.machine, memoryMiB: MEMORY_MIB },
};

/** What the engine asked of the allocator, in order. */
interface Operations {
  /** A map when positive: its ledger row. An unmap when negative. */
  readonly row: Int32Array;
  readonly device: Uint8Array;
  readonly cpu: Uint8Array;
  readonly orig: Float64Array;
  readonly size: Uint32Array;
  /** Operations at the end of each round. */
  readonly roundEnds: readonly number[];
}

/** Measures the engine and the bare allocator, round by round in turn. */
export function engineSection(now: () => number): EngineRow {
  const operations = recordOperations();
  const simulation = createSimulation(scenario);
  const bare = new BareRun(bootMachine(scenario.machine, scenario.devices), operations);
  const engineNs: number[] = [];
  const bareNs: number[] = [];
  let events = 0;
  let usedSum = 0;
  for (let round = 0; round < operations.roundEnds.length; round++) {
    const start = now();
    const handled = simulation.runUntil((round + 1) * ROUND_NS, Infinity);
    const between = now();
    const pairs = bare.runRound(round) / 2;
    const end = now();
    if (simulation.swiotlb.mem.used !== bare.used) throw new RangeError('the two runs parted');
    if (round < WARM_UP_ROUNDS) continue;
    engineNs.push((between - start) / pairs);
    bareNs.push((end - between) / pairs);
    events += handled / pairs / ROUNDS;
    usedSum += bare.used;
  }
  const pairNs = median(engineNs);
  return {
    pairsPerSecond: 1e9 / pairNs,
    eventsPerSecond: (1e9 / pairNs) * events,
    pairNs,
    barePairNs: median(bareNs),
    ratioToBare: median(engineNs.map((ns, round) => ns / (bareNs[round] ?? Number.NaN))),
    slots: simulation.swiotlb.mem.nslabs,
    meanUsed: usedSum / ROUNDS,
  };
}

/** Runs the scenario once and notes every map and unmap. */
function recordOperations(): Operations {
  const simulation = createSimulation(scenario);
  const { ledger } = simulation;
  const row: number[] = [];
  const device: number[] = [];
  const cpu: number[] = [];
  const orig: number[] = [];
  const size: number[] = [];
  const enterMap = ledger.map.bind(ledger);
  const enterUnmap = ledger.unmap.bind(ledger);
  ledger.map = (ask, outcome, timeNs) => {
    const entered = enterMap(ask, outcome, timeNs);
    row.push(entered);
    device.push(ask.device);
    cpu.push(ask.cpu);
    orig.push(outcome.pool?.table.origAddr(outcome.slot + outcome.padSlots) ?? 0);
    size.push(ask.size);
    return entered;
  };
  ledger.unmap = (entered, pool, slot, copied, timeNs) => {
    row.push(-entered);
    device.push(ledger.rows.device(entered));
    for (const list of [cpu, orig, size]) list.push(0);
    enterUnmap(entered, pool, slot, copied, timeNs);
  };
  const roundEnds: number[] = [];
  for (let round = 0; round < ROUNDS + WARM_UP_ROUNDS; round++) {
    simulation.runUntil((round + 1) * ROUND_NS, Infinity);
    roundEnds.push(row.length);
  }
  return {
    row: Int32Array.from(row),
    device: Uint8Array.from(device),
    cpu: Uint8Array.from(cpu),
    orig: Float64Array.from(orig),
    size: Uint32Array.from(size),
    roundEnds,
  };
}

/** The same operations on the model alone: no time, no locks, no counters. */
class BareRun {
  readonly #machine: Machine;
  readonly #operations: Operations;
  readonly #tlbOfRow: Float64Array;
  #next = 0;

  constructor(machine: Machine, operations: Operations) {
    this.#machine = machine;
    this.#operations = operations;
    this.#tlbOfRow = new Float64Array(machine.swiotlb.mem.nslabs + 1);
  }

  get used(): number {
    return this.#machine.swiotlb.mem.used;
  }

  /** @returns operations done. */
  runRound(round: number): number {
    const first = this.#next;
    const end = this.#operations.roundEnds[round] ?? first;
    while (this.#next < end) this.#apply(this.#next++);
    return end - first;
  }

  #apply(index: number): void {
    const { row, device, cpu, orig, size } = this.#operations;
    const { swiotlb, dma } = this.#machine;
    const which = row[index] as number;
    const asking = dma[device[index] as number];
    if (asking === undefined) throw new RangeError(`operation ${index} names no device`);
    if (which < 0) {
      swiotlb.unmap(asking, this.#tlbOfRow[-which] as number);
      return;
    }
    const tlb = swiotlb.map(
      asking,
      cpu[index] as number,
      orig[index] as number,
      size[index] as number,
    );
    if (tlb === FAILED) throw new RangeError(`operation ${index} found no room`);
    this.#tlbOfRow[which] = tlb;
  }
}
