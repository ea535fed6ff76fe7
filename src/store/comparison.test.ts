import { describe, expect, it } from 'vitest';
import { writeFrame } from '../engine/frame-writer.ts';
import { FrameView } from '../engine/frame.ts';
import { reportOf } from '../engine/run-report.ts';
import { RecordedShadow } from '../engine/shadow.ts';
import { createSimulation } from '../engine/create-simulation.ts';
import { deviceWith, scenarioWith } from '../testing/run-builder.ts';
import { comparisonOf } from './comparison.ts';
import { throttleOf } from './throttle-readout.ts';

const MS = 1e6;
const LABEL = { sequence: 0, serial: 1, runState: 'paused', colourMode: 'device' } as const;
const scenario = scenarioWith([deviceWith({ sizes: [{ bytes: 65_536, weight: 1 }] })]);

const comparisonIn = (frame: FrameView) => comparisonOf(frame, throttleOf(frame));

/** A run at 10 ms, and beside it one that has come to `besideMs` of `lengthMs`. */
function pair(besideMs: number, lengthMs: number) {
  const run = createSimulation(scenario);
  run.runUntil(10 * MS, Infinity);
  const beside = createSimulation({ ...scenario, lengthMs, seed: 2 });
  run.shadow = new RecordedShadow(run, beside).run;
  beside.runUntil(besideMs * MS, Infinity);
  return { run, beside, frame: FrameView.read(writeFrame(run, LABEL, null)) };
}

describe('the comparison in a frame', () => {
  it('is the reports of both runs, field by field', () => {
    const { run, beside, frame } = pair(10, 100);
    expect(comparisonIn(frame)).toEqual({
      run: reportOf(run),
      beside: reportOf(beside),
      progress: 1,
      isOver: false,
    });
  });

  it('says how far what runs beside has come', () => {
    expect(comparisonIn(pair(4, 100).frame)).toMatchObject({ progress: 0.4, isOver: false });
  });

  it('says when that is over before the run’s moment', () => {
    expect(comparisonIn(pair(5, 5).frame)).toMatchObject({ progress: 1, isOver: true });
    expect(comparisonIn(pair(2, 8).frame)).toMatchObject({ progress: 0.25, isOver: false });
  });

  it('is none in a frame without', () => {
    const run = createSimulation(scenario);
    expect(comparisonIn(FrameView.read(writeFrame(run, LABEL, null)))).toBeNull();
  });
});
