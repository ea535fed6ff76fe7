/** What throttling costs the engine, and a shadow beside a run: Confidential VM, as ratios. */
import { NO_THROTTLE, type Scenario } from '../../engine/scenario.ts';
import { RerunShadow } from '../../engine/shadow.ts';
import { createSimulation } from '../../engine/create-simulation.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { PolicyId } from '../../model/throttle-policies.ts';
import { confidentialVm } from '../../scenarios/confidential-vm.ts';
import { median } from './median.ts';

export interface ThrottleRow {
  /** Time a pair of map and unmap takes where the gate is there and nobody waits, to without it. */
  readonly idleRatio: number;
  /** The same in a pool half as large, where the RFC throttles: to the same pool without. */
  readonly throttledRatio: number;
  /** Pairs a wall second in that pool under the RFC. */
  readonly throttledPairsPerSecond: number;
  /** Requests throttled there, and requests that slept, of so many maps. */
  readonly throttled: number;
  readonly slept: number;
  readonly maps: number;
  /** Time of that run with one without throttling beside it, to the two of them each for itself. */
  readonly shadowRatio: number;
}

const ROUNDS = 9;
/** Rounds that are run and not counted: the engine's code is still being compiled. */
const WARM_UP_ROUNDS = 3;
/** Virtual time of a round. */
const ROUND_NS = 100e6;
/** A pool in which the load is at times above 70 percent. */
const SMALL_SLOTS = 16_384;
/** Virtual time between two turns of the shadow, about as much as the worker lets pass. */
const TURN_NS = 1e6;

function scenarioOf(policy: PolicyId, slots: number | null): Scenario {
  const { machine } = confidentialVm;
  const commandLine = slots === null ? machine.commandLine : `swiotlb=${slots}`;
  return {
    ...confidentialVm,
    machine: { ...machine, commandLine },
    throttle: { ...NO_THROTTLE, policy },
  };
}

/** One run, a round at a time: nanoseconds a pair, and a round, in each. */
class Lane {
  readonly simulation: Simulation;
  readonly pairNs: number[] = [];
  readonly roundNs: number[] = [];
  readonly #move: (untilNs: number) => void;

  constructor(policy: PolicyId, slots: number | null, isShadowed = false) {
    this.simulation = createSimulation(scenarioOf(policy, slots));
    this.#move = isShadowed ? this.#withShadow() : this.#alone();
  }

  round(now: () => number, untilNs: number): void {
    const { ledger } = this.simulation;
    const before = ledger.maps;
    const start = now();
    this.#move(untilNs);
    const tookNs = now() - start;
    this.roundNs.push(tookNs);
    this.pairNs.push(tookNs / (ledger.maps - before));
  }

  #alone(): (untilNs: number) => void {
    return (untilNs) => void this.simulation.runUntil(untilNs, Infinity);
  }

  #withShadow(): (untilNs: number) => void {
    const shadow = new RerunShadow(this.simulation, { kind: 'policy', policy: 'none' });
    return (untilNs) => {
      for (let atNs = this.simulation.timeNs; atNs < untilNs; atNs += TURN_NS) {
        this.simulation.runUntil(Math.min(untilNs, atNs + TURN_NS), Infinity);
        shadow.advance(Infinity);
      }
    };
  }
}

/** Median of the counted rounds' own ratios. */
function ratio(over: readonly number[], under: readonly number[]): number {
  const ratios = over.map((ns, round) => ns / (under[round] ?? Number.NaN));
  return median(ratios.slice(WARM_UP_ROUNDS));
}

/** Measures five runs, round by round in turn. */
export function throttleSection(now: () => number): ThrottleRow {
  const free = new Lane('none', null);
  const idle = new Lane('rfc', null);
  const unthrottled = new Lane('none', SMALL_SLOTS);
  const throttled = new Lane('rfc', SMALL_SLOTS);
  const shadowed = new Lane('rfc', SMALL_SLOTS, true);
  for (let round = 1; round <= ROUNDS + WARM_UP_ROUNDS; round++) {
    for (const lane of [free, idle, unthrottled, throttled, shadowed]) {
      lane.round(now, round * ROUND_NS);
    }
  }
  const { swiotlb, throttle, ledger } = throttled.simulation;
  const { highThrottleCount, lowThrottleCount } = swiotlb.mem.throttle;
  const alone = throttled.roundNs.map((ns, round) => ns + (unthrottled.roundNs[round] ?? 0));
  return {
    idleRatio: ratio(idle.pairNs, free.pairNs),
    throttledRatio: ratio(throttled.pairNs, unthrottled.pairNs),
    throttledPairsPerSecond: 1e9 / median(throttled.pairNs.slice(WARM_UP_ROUNDS)),
    throttled: highThrottleCount + lowThrottleCount,
    slept: throttle.slept,
    maps: ledger.maps,
    shadowRatio: ratio(shadowed.roundNs, alone),
  };
}
