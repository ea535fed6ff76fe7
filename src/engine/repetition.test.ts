import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceWith, networkWith, scenarioWith } from '../testing/run-builder.ts';
import { createSimulation } from './create-simulation.ts';
import { Repetition } from './repetition.ts';
import type { Simulation } from './simulation.ts';
import { stateHash } from './state-hash.ts';

const scenario = scenarioWith([deviceWith(), networkWith()]);
const hashOf = (run: Simulation) => `${stateHash(run)}-${run.streamHash}`;
const recordOf = ({ journal, event, timeNs }: Simulation) => ({
  journal: [...journal],
  event,
  timeNs,
});

const at = (event: number, timeNs: number) => () => {
  const repetition = new Repetition(createSimulation(scenario), { journal: [], event, timeNs });
  while (!repetition.advance(1000));
};

describe('a repetition', () => {
  it('comes to the same state, whatever was changed when, in slices of any size', () => {
    const move = fc.oneof(
      fc.record({ kind: fc.constant('steps' as const), by: fc.integer({ min: 0, max: 400 }) }),
      fc.record({ kind: fc.constant('time' as const), by: fc.integer({ min: 0, max: 3e6 }) }),
      fc.record({ kind: fc.constant('depth' as const), by: fc.integer({ min: 1, max: 64 }) }),
    );
    fc.assert(
      fc.property(
        fc.array(move, { maxLength: 12 }),
        fc.integer({ min: 1, max: 500 }),
        (moves, slice) => {
          const run = createSimulation(scenario);
          for (const { kind, by } of moves) {
            if (kind === 'steps') for (let step = 0; step < by; step++) run.step();
            else if (kind === 'time') run.runUntil(run.timeNs + by, Infinity);
            else run.apply({ kind: 'device', device: by % 2, control: 'depth', value: by });
          }
          const again = createSimulation(scenario);
          const repetition = new Repetition(again, recordOf(run));
          while (!repetition.advance(slice));
          expect(hashOf(again)).toBe(hashOf(run));
          expect(again.journal).toEqual(run.journal);
          run.runUntil(run.timeNs + 1e6, Infinity);
          again.runUntil(again.timeNs + 1e6, Infinity);
          expect(hashOf(again)).toBe(hashOf(run));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('refuses a moment that the run does not come by', () => {
    expect(at(1e12, 1e6)).toThrow(
      /the run stands behind event \d+ at \d+ ns; the record says behind event 1000000000000 at 1000000 ns/,
    );
    expect(at(500, 1)).toThrow(/the record says behind event 500 at 1 ns/);
    expect(at(500, 1e9)).toThrow(/the record says behind event 500/);
  });

  it('refuses a change that the run refuses', () => {
    const change = { kind: 'device', device: 9, control: 'depth', value: 1 } as const;
    const journal = [{ event: 0, timeNs: 0, change }];
    const repetition = new Repetition(createSimulation(scenario), {
      journal,
      event: 5,
      timeNs: 1e9,
    });
    expect(() => repetition.advance(10)).toThrow('change 1 was refused: there is no device 9');
  });
});
