import { describe, expect, it } from 'vitest';
import { DEVICE, HEADER, type FrameView } from '../engine/frame.ts';
import { frameFrom, pushHistory } from '../testing/frame-art.ts';
import { readoutOf } from './readout.ts';
import { RecentPast } from './recent.ts';

const MS = 1e6;

/** One bucket of a history with one device. */
const bucket = (failures: number, used: number) => [used, used, 256, used, failures, used];

function frameAt(timeNs: number, used = 0): FrameView {
  const frame = frameFrom({ bucketNs: 10 * MS, timeNs, devices: 1, nslabs: 256 });
  pushHistory(frame, [bucket(9, 256), bucket(1, used), bucket(2, used)]);
  return frame;
}

describe('recentOf', () => {
  it('counts as recent only the end of the history', () => {
    expect(readoutOf(frameAt(30 * MS, 50)).recent).toMatchObject({
      spanNs: 20 * MS,
      failures: 3,
      used: 50,
    });
  });

  it('has no recent past before the first bucket', () => {
    expect(readoutOf(frameFrom({})).recent).toMatchObject({ spanNs: 0, failures: 0 });
  });
});

describe('RecentPast', () => {
  it('counts who failed from about a window ago, from the beginning before that', () => {
    const past = new RecentPast();
    const failuresAt = (timeNs: number, failed: number) => {
      const frame = frameAt(timeNs);
      frame.devices[DEVICE.failedMaps] = failed;
      return past.refine(readoutOf(frame)).recent.failuresBy;
    };
    expect(failuresAt(10 * MS, 5)).toEqual([5]);
    expect(failuresAt(25 * MS, 8)).toEqual([8]);
    expect(failuresAt(40 * MS, 8)).toEqual([3]);
    expect(failuresAt(60 * MS, 9)).toEqual([1]);
  });

  it('begins anew when time does', () => {
    const past = new RecentPast();
    const mapsAt = (timeNs: number, maps: number) => {
      const frame = frameAt(timeNs);
      frame.header[HEADER.maps] = maps;
      return past.refine(readoutOf(frame)).recent.maps;
    };
    mapsAt(100 * MS, 70);
    expect(mapsAt(130 * MS, 90)).toBe(20);
    expect(mapsAt(5 * MS, 4)).toBe(4);
  });

  it('is nearly full from four fifths on, until it is well below', () => {
    const past = new RecentPast();
    const nearlyAt = (share: number) =>
      past.refine(readoutOf(frameAt(30 * MS, share * 256))).recent.nearlyFull;
    expect([0.7, 0.81, 0.7, 0.66, 0.64, 0.7].map(nearlyAt)).toEqual([
      false,
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
