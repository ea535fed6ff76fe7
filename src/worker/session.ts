/** What the host has loaded: a scenario or a recording, and how to begin it again. */
import type { Run } from '../engine/run.ts';
import type { Scenario } from '../engine/scenario.ts';
import { createSimulation, type Simulation } from '../engine/simulation.ts';
import type { Report } from './protocol.ts';

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

/** A scenario, booted. */
export function simulationSession(scenario: Scenario, fromOpening: boolean): Session {
  const simulation = createSimulation(scenario);
  const current = (): Scenario => {
    const { devices } = simulation.machine;
    const specs = devices.map(({ spec }, index) => spec ?? scenario.devices[index]);
    return { ...scenario, devices: specs.filter((spec) => spec !== undefined) };
  };
  return {
    run: simulation,
    simulation,
    openAtNs: fromOpening ? scenario.openAtMs * NS_PER_MS : 0,
    // Whoever restarts wants the beginning, with the controls as he has set them.
    restarted: () => simulationSession(current(), false),
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
