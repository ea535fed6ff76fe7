import { describe, expect, it } from 'vitest';
import { AREA, HEADER, RUN_STATES } from '../engine/frame.ts';
import { frameFrom } from '../testing/frame-art.ts';
import { readoutOf } from './readout.ts';

describe('readoutOf', () => {
  it('copies counters, pools and devices under their names', () => {
    const frame = frameFrom({ art: 'Aaa.BB', devices: 2, areas: 2, cpus: 4 });
    frame.header[HEADER.failedMaps] = 7;
    frame.header[HEADER.runState] = RUN_STATES.indexOf('playing');
    expect(readoutOf(frame)).toMatchObject({
      used: 5,
      slots: 256,
      failedMaps: 7,
      cpus: 4,
      runState: 'playing',
      devices: [{ slots: 3 }, { slots: 2 }],
      pools: [{ kind: 'default', nareas: 2, nslabs: 256, used: 5 }],
    });
  });

  it('keeps nothing of the frame: the buffer may go back', () => {
    const frame = frameFrom({ art: 'Aaa' });
    const before = readoutOf(frame);
    frame.header.fill(0);
    frame.pools.fill(0);
    expect(before).toMatchObject({ used: 3, pools: [{ used: 3 }] });
  });

  it('adds up what the CPUs lose at the locks', () => {
    const frame = frameFrom({ areas: 2 });
    frame.areas[AREA.contended] = 3;
    frame.areas[AREA.taken] = 10;
    frame.areas[frame.areas.length / 2 + AREA.contended] = 4;
    expect(readoutOf(frame).locks).toMatchObject({ contended: 7, taken: 10 });
  });
});
