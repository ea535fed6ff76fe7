/** What the host has loaded: a scenario or a recording, and how to begin it again. */
import type { MakePages } from '../engine/guest-memory.ts';
import type { Run } from '../engine/run.ts';
import type { Scenario, ThrottleSpec } from '../engine/scenario.ts';
import { Simulation } from '../engine/simulation.ts';
import { stateHash } from '../engine/state-hash.ts';
import type { Report } from './protocol.ts';
import { defaultThreshold, HIGH_PERCENT, LOW_PERCENT } from '../model/throttle.ts';

/** What is loaded. Restarting makes a new one. */
export interface Session {
  readonly run: Run;
  /** The run again, if it is a simulation. */
  readonly simulation: Simulation | null;
  /** Virtual ns to run before the first picture. */
  readonly openAtNs: number;
  /** The same from the beginning. */
  restarted(): Session;
  /** What `loaded` says of it. */
  report(serial: number): Extract<Report, { kind: 'loaded' }>;
}

const NS_PER_MS = 1e6;

/** A scenario, booted. Throws what `makePages` throws. */
export function simulationSession(
  scenario: Scenario,
  fromOpening: boolean,
  makePages: MakePages,
): Session {
  const simulation = new Simulation(scenario, { makePages });
  return sessionOf(simulation, fromOpening ? scenario.openAtMs * NS_PER_MS : 0);
}

/** A simulation that runs already. */
export function sessionOf(simulation: Simulation, openAtNs: number): Session {
  const { scenario, makePages } = simulation;
  const current = (): Scenario => {
    const { devices } = simulation.machine;
    const specs = devices.map(({ spec }, index) => spec ?? scenario.devices[index]);
    return {
      ...scenario,
      devices: specs.filter((spec) => spec !== undefined),
      ...(scenario.throttle && { throttle: presentThrottle(simulation, scenario.throttle) }),
    };
  };
  return {
    run: simulation,
    simulation,
    openAtNs,
    // Whoever restarts wants the beginning, with the controls as he has set them.
    restarted: () => simulationSession(current(), false, makePages),
    report: (serial) => ({
      kind: 'loaded',
      serial,
      machine: simulation.machine,
      scenario: current(),
      replay: null,
    }),
  };
}

/** A recording; `open` builds its machine and stands at its first event. */
export function replaySession(open: () => Run): Session {
  const run = open();
  return {
    run,
    simulation: null,
    openAtNs: 0,
    restarted: () => replaySession(open),
    report: (serial) => ({
      kind: 'loaded',
      serial,
      machine: run.machine,
      scenario: null,
      replay: run.verdict?.summary ?? null,
    }),
  };
}

/** Of the allocator's state, and of the events that led there where they can be counted. */
export function sessionHash({ run, simulation }: Session): string {
  const state = stateHash(run);
  return simulation === null ? state : `${state}-${simulation.streamHash}`;
}

/** What a scenario says of throttling, with the thresholds that were set since it began. */
function presentThrottle({ swiotlb }: Simulation, spec: ThrottleSpec): ThrottleSpec {
  const { highThrottle, lowThrottle } = swiotlb.mem.throttle;
  const began = (set: number | null, percent: number) =>
    set ?? defaultThreshold(swiotlb.mem.initialNslabs, percent);
  return {
    ...spec,
    high: highThrottle === began(spec.high, HIGH_PERCENT) ? spec.high : highThrottle,
    low: lowThrottle === began(spec.low, LOW_PERCENT) ? spec.low : lowThrottle,
  };
}
