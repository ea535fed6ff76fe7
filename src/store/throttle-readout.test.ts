import { describe, expect, it } from 'vitest';
import { HEADER, REPORT, REPORT_FIELDS, WAIT_BINS } from '../engine/frame.ts';
import { POLICY_IDS } from '../model/throttle-policies.ts';
import { frameFrom } from '../testing/frame-art.ts';
import { throttledFrame } from '../testing/throttle-art.ts';
import { throttleOf } from './throttle-readout.ts';

const HOLDER = { device: 1, cpu: 2, arrivedNs: 1, admittedNs: 2, placedNs: 3, slot: 64 };

describe('the throttle of a frame', () => {
  it('has thresholds, their defaults, counters and the queue in order', () => {
    const frame = throttledFrame({
      nslabs: 1024,
      high: 700,
      low: 90,
      waiting: 5,
      queue: [{ device: 1, bytes: 4096, sinceNs: 7, why: 'low' }, { sinceNs: 9 }],
    });
    frame.header[HEADER.lowThrottleCount] = 3;
    expect(throttleOf(frame)).toMatchObject({
      policy: 'rfc',
      highThrottle: 700,
      lowThrottle: 90,
      defaultHigh: 716,
      defaultLow: 665,
      lowThrottleCount: 3,
      waiting: 5,
      waiters: [
        { device: 1, bytes: 4096, sinceNs: 7, why: 'low' },
        { sinceNs: 9, why: 'high' },
      ],
    });
  });

  it('names the holder while the semaphore is held, and nobody while it changes hands', () => {
    const held = throttleOf(throttledFrame({ passed: [HOLDER] }));
    expect(held).toMatchObject({ semCount: 0, holder: { device: 1, cpu: 2, slot: 64 } });
    expect(throttleOf(throttledFrame({})).holder).toBeNull();
    const handedOn = throttledFrame({ passed: [{ ...HOLDER, releasedNs: 5 }] });
    handedOn.header[HEADER.semCount] = 0;
    expect(throttleOf(handedOn)).toMatchObject({ semCount: 0, holder: null, inside: [] });
  });

  it('has no holder under a policy that has none, whoever is inside', () => {
    const { semCount, holder, inside } = throttleOf(
      throttledFrame({ policy: 'wake-any', passed: [HOLDER] }),
    );
    expect({ semCount, holder, inside: inside.length }).toEqual({
      semCount: -1,
      holder: null,
      inside: 1,
    });
  });

  it('has the waits of both kinds, a bin each', () => {
    const frame = throttledFrame({});
    frame.waits[3] = 4;
    frame.waits[WAIT_BINS + 5] = 6;
    const { waitsOver, waitsOngoing } = throttleOf(frame);
    expect([waitsOver.length, waitsOver[3], waitsOngoing[5]]).toEqual([WAIT_BINS, 4, 6]);
  });

  it('reports the run, and its shadow where there is one', () => {
    const frame = throttledFrame({ shadowed: true });
    frame.reports[REPORT.peak] = 77;
    frame.reports[REPORT_FIELDS + REPORT.policy] = POLICY_IDS.indexOf('wake-all');
    frame.reports[REPORT_FIELDS + REPORT.vainWakeUps] = 9;
    expect(throttleOf(frame)).toMatchObject({
      report: { policy: 'rfc', peak: 77 },
      shadow: { policy: 'wake-all', vainWakeUps: 9 },
    });
    expect(throttleOf(throttledFrame({})).shadow).toBeNull();
  });

  it('of a machine without throttling says so', () => {
    expect(throttleOf(frameFrom({}))).toMatchObject({ policy: 'none', waiting: 0, waiters: [] });
  });
});
