/** Going through a long run: how quickly any of its events is reached, and what that costs while playing. */
import { createSimulation } from '../../engine/create-simulation.ts';
import type { Scenario } from '../../engine/scenario.ts';
import { Timeline } from '../../engine/timeline.ts';
import { confidentialVm } from '../../scenarios/confidential-vm.ts';
import { testRandom } from '../random-machine.ts';
import { median } from './median.ts';

export interface SeekRow {
  /** Events of the run, and slots of its pool. */
  readonly events: number;
  readonly slots: number;
  /** Wall ms, 95th percentile: a step back or a place near the one before; and any place at all. */
  readonly warmP95Ms: number;
  readonly anywhereP95Ms: number;
  /** Wall ms, median of the same. */
  readonly warmMs: number;
  readonly anywhereMs: number;
  /** What all keyframes take in the end, and how many there are. */
  readonly keyframeMiB: number;
  readonly keyframes: number;
  /** Playing with keyframes to playing without: median of rounds played in turn. */
  readonly playRatio: number;
}

const EVENTS = 10_000_000;
const MEMORY_MIB = 16_384;
/** Rounds in which both are played, in turn; the first ones are not counted: code is being compiled. */
const ROUND_EVENTS = 250_000;
const ROUNDS = 12;
const WARM_UP_ROUNDS = 3;
const SEEKS = 60;
/** A place near another: so many events off at most. */
const NEAR_EVENTS = 2000;
const MIB = 2 ** 20;

const scenario: Scenario = {
  ...confidentialVm,
  machine: { ...confidentialVm.machine, memoryMiB: MEMORY_MIB },
  lengthMs: 1e7,
};

/** Plays ten million events on a pool of 1 GiB, then goes back and forth. */
export function seekSection(now: () => number): SeekRow {
  const timeline = new Timeline(createSimulation(scenario));
  const { run } = timeline;
  const playRatio = playBoth(timeline, now);
  timeline.play(Infinity, EVENTS - run.event);
  const draw = testRandom(7);
  const random = (limit: number) => Math.floor(draw() * limit);
  const anywhere: number[] = [];
  const warm: number[] = [];
  for (let seek = 0; seek < SEEKS; seek++) {
    const event = random(EVENTS);
    anywhere.push(took(now, () => timeline.seekEvent(event)));
    // The steps of somebody who looks around there.
    warm.push(took(now, () => timeline.stepBack()));
    warm.push(took(now, () => timeline.seekEvent(run.event + random(NEAR_EVENTS))));
    warm.push(took(now, () => timeline.seekEvent(Math.max(0, run.event - random(NEAR_EVENTS)))));
  }
  const { bytes, count } = timeline.keyframes;
  return {
    events: timeline.end.event,
    slots: run.swiotlb.mem.nslabs,
    warmP95Ms: percentile(warm, 0.95),
    anywhereP95Ms: percentile(anywhere, 0.95),
    warmMs: median(warm),
    anywhereMs: median(anywhere),
    keyframeMiB: bytes / MIB,
    keyframes: count,
    playRatio,
  };
}

/** Plays the first rounds beside a run without a timeline. */
function playBoth(timeline: Timeline, now: () => number): number {
  const plain = createSimulation(scenario);
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS + WARM_UP_ROUNDS; round++) {
    const plainMs = took(now, () => plain.runUntil(Infinity, ROUND_EVENTS));
    const timelineMs = took(now, () => timeline.play(Infinity, ROUND_EVENTS));
    if (round >= WARM_UP_ROUNDS) ratios.push(timelineMs / plainMs);
  }
  if (plain.streamHash !== timeline.run.streamHash) throw new RangeError('the two runs parted');
  return median(ratios);
}

/** Wall ms. */
function took(now: () => number, work: () => void): number {
  const start = now();
  work();
  return (now() - start) / 1e6;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
