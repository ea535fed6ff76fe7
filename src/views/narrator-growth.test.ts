import { describe, expect, it } from 'vitest';
import { createSimulation } from '../engine/create-simulation.ts';
import { FrameView } from '../engine/frame.ts';
import { writeFrame } from '../engine/frame-writer.ts';
import type { Scenario } from '../engine/scenario.ts';
import { aMonthOfUptime } from '../scenarios/growing/a-month-of-uptime.ts';
import { atomicPoolRunsDry } from '../scenarios/growing/atomic-pool-runs-dry.ts';
import { burstBeforeTheWorker } from '../scenarios/growing/burst-before-the-worker.ts';
import { cmaToTheRescue } from '../scenarios/growing/cma-to-the-rescue.ts';
import { growthThatNeverEnds } from '../scenarios/growing/growth-that-never-ends.ts';
import { hugepagesOnly } from '../scenarios/growing/hugepages-only.ts';
import { startsAt1Mib } from '../scenarios/growing/starts-at-1-mib.ts';
import { readoutOf } from '../store/readout.ts';
import { narrate } from './narrator.ts';

/** The sentences of a scenario at some moments of it, which come in order. */
function sentencesAt(scenario: Scenario, ...momentsMs: number[]): string[] {
  const simulation = createSimulation(scenario);
  const label = { sequence: 1, serial: 1, runState: 'paused', colourMode: 'device' } as const;
  return momentsMs.map((momentMs) => {
    simulation.runUntil(momentMs * 1e6, Infinity);
    const readout = readoutOf(FrameView.read(writeFrame(simulation, label, null)));
    const { machine } = simulation;
    const growth = simulation.growth.since(0);
    return narrate({ readout, machine, scenario, growth, replay: null, difference: null }).text;
  });
}

describe('the narrator on growing', () => {
  it('says how requests are helped until the worker comes, and what it brought', () => {
    const [bridged, fetched, later] = sentencesAt(burstBeforeTheWorker, 11.05, 11.2, 17);
    expect(bridged).toBe(
      'No room is left: each request gets a small pool for itself alone, until a kernel worker has fetched more memory.',
    );
    expect(fetched).toBe(
      'The memory was full, so a kernel worker fetched 4 MiB: it grew from 4 MiB to 12 MiB.',
    );
    expect(later).toBe(
      'The memory has grown from 4 MiB to 12 MiB; two thirds of it is taken now, and Linux gives no part of it back.',
    );
  });

  it('says what is got of a memory in pieces, and why nothing is got of it later', () => {
    const [halved, refused] = sentencesAt(aMonthOfUptime, 11.2, 23);
    expect(halved).toBe(
      'A kernel worker asked for 4 MiB and got 1 MiB: the memory grew from 4 MiB to 7 MiB.',
    );
    expect(refused).toBe(
      'The memory is full and cannot grow, for no free block is as large as 1 MiB: nvme0 was turned away 16 times.',
    );
  });

  it('says whose pages were moved away, and what is shared in whole pages', () => {
    expect(sentencesAt(cmaToTheRescue, 34)).toEqual([
      'A kernel worker had other pages moved out of its region to fetch 2 MiB: the memory grew from 2 MiB to 6 MiB; meanwhile nvme0 was turned away once.',
    ]);
    expect(sentencesAt(hugepagesOnly, 4)).toEqual([
      'The memory was full, so a kernel worker fetched 2 MiB, shared in whole 2 MiB pages: it grew from 2 MiB to 4 MiB.',
    ]);
  });

  it('tells of a coherent pool that ran dry until another burst has brought more', () => {
    const dry = /^No room, .* the coherent pools, kept ready for this, ran dry; nvme0 was turned/;
    expect(sentencesAt(atomicPoolRunsDry, 11.11, 17, 25)).toEqual([
      expect.stringMatching(dry),
      expect.stringMatching(dry),
      expect.not.stringMatching(dry),
    ]);
    expect(sentencesAt(startsAt1Mib, 4.5, 8)).toEqual([
      expect.stringMatching(dry),
      expect.stringMatching(/^The memory was full, .* it grew from 1 MiB to 6 MiB/),
    ]);
  });

  it('says what growth leaves when nobody asks for more', () => {
    expect(sentencesAt(growthThatNeverEnds, 114)).toEqual([
      'The memory has grown from 4 MiB to 24 MiB; two thirds of it is taken now, and Linux gives no part of it back.',
    ]);
  });

  it('says nothing of growing before anything was asked for', () => {
    expect(sentencesAt(burstBeforeTheWorker, 5)[0]).not.toContain('grow');
  });
});
