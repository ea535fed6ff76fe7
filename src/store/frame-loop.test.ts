import { describe, expect, it } from 'vitest';
import type { FrameView } from '../engine/frame.ts';
import { frameFrom } from '../testing/frame-art.ts';
import { FrameLoop } from './frame-loop.ts';

class Bench {
  newest: FrameView | null = null;
  readonly told: FrameView[] = [];
  painted = 0;
  readonly loop = new FrameLoop({
    newest: () => this.newest,
    text: (frame) => this.told.push(frame),
  });
  readonly remove = this.loop.add(() => {
    this.painted++;
  });

  constructor() {
    this.loop.tick(0);
    this.painted = 0;
  }
}

describe('FrameLoop', () => {
  it('paints a new frame once', () => {
    const bench = new Bench();
    bench.newest = frameFrom({});
    bench.loop.tick(16);
    bench.loop.tick(32);
    expect(bench.painted).toBe(1);
  });

  it('repaints when the view changed though the frame did not', () => {
    const bench = new Bench();
    bench.loop.touch();
    bench.loop.tick(16);
    bench.loop.tick(32);
    expect(bench.painted).toBe(1);
  });

  it('paints every frame but renews the text twenty times a second', () => {
    const bench = new Bench();
    for (let turn = 1; turn <= 60; turn++) {
      bench.newest = frameFrom({});
      bench.loop.tick((turn * 1000) / 60);
    }
    expect(bench.painted).toBe(60);
    expect(bench.told.length).toBeGreaterThanOrEqual(15);
    expect(bench.told.length).toBeLessThanOrEqual(21);
  });

  it('repaints what says the same numbers when the text catches up with a frame', () => {
    const bench = new Bench();
    bench.newest = frameFrom({});
    bench.loop.tick(16);
    bench.newest = frameFrom({});
    bench.loop.tick(32);
    expect([bench.painted, bench.told.length]).toEqual([2, 1]);
    bench.loop.tick(80);
    expect([bench.painted, bench.told.length]).toEqual([3, 2]);
  });

  it('tells the last frame even when none follows', () => {
    const bench = new Bench();
    bench.newest = frameFrom({});
    bench.loop.tick(0);
    const last = frameFrom({});
    bench.newest = last;
    bench.loop.tick(1);
    bench.loop.tick(100);
    expect(bench.told.at(-1)).toBe(last);
  });

  it('stops painting what was taken away', () => {
    const bench = new Bench();
    bench.remove();
    bench.newest = frameFrom({});
    bench.loop.tick(16);
    expect(bench.painted).toBe(0);
  });

  it('calls back once, when the first frame has been on the screen for a turn', () => {
    const bench = new Bench();
    let calls = 0;
    bench.loop.whenShown(() => calls++);
    const callOff = bench.loop.whenShown(() => {
      calls = NaN;
    });
    callOff();
    bench.loop.tick(16);
    bench.newest = frameFrom({});
    bench.loop.tick(32);
    expect(calls).toBe(0);
    bench.loop.tick(48);
    bench.loop.tick(64);
    expect(calls).toBe(1);
  });
});
