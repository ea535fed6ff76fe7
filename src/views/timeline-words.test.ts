import { describe, expect, it } from 'vitest';
import type { SpanReading } from '../draw/timeline-span.ts';
import type { GrowthAttempt, GrowthTry } from '../store/reports.ts';
import { attemptsWords, attemptWords, momentWords, spanLines } from './timeline-words.ts';

const READING: SpanReading = {
  fromNs: 10e6,
  toNs: 12.5e6,
  usedMin: 40,
  usedMax: 1900,
  capacityBefore: 2048,
  capacity: 2048,
  hiwater: 1950,
  transientMin: 0,
  transientMax: 0,
  failures: 0,
  grown: 0,
  halved: 0,
  growthFailed: 0,
  transients: 0,
  transientsFailed: 0,
  ordersRefused: 0,
  conversions: 0,
};

const poolTry = (order: number, path: GrowthTry['path']): GrowthTry => {
  return {
    what: 'pool',
    order,
    zone: 4,
    from: path === 'failed' ? null : 'DMA32',
    path,
    migrated: 0,
  };
};

function attempt(part: Partial<GrowthAttempt> = {}): GrowthAttempt {
  return {
    serial: 1,
    timeNs: 11e6,
    event: 5,
    by: 'worker',
    tries: [poolTry(10, 'failed'), poolTry(9, 'fast'), { ...poolTry(3, 'fast'), what: 'slots' }],
    slots: 1024,
    freeBefore: [],
    converted: [0, 0, 0],
    costNs: 1000,
    ...part,
  };
}

describe('an attempt in words', () => {
  it('says who made it, what it asked for in turn, and what came of it', () => {
    expect(attemptWords(attempt(), 20e6)).toBe('worker: order 10 refused, 9; 1,024 slots · 2 MiB');
    const none = attempt({ tries: [poolTry(10, 'failed')], slots: 0 });
    expect(attemptWords(none, 20e6)).toBe('worker: order 10 refused; nothing');
  });

  it('does not know its end before its time has passed', () => {
    expect(attemptWords(attempt(), 11e6 + 999)).toContain('under way');
    expect(attemptWords(attempt(), 11e6 + 1000)).not.toContain('under way');
  });

  it('is one of those named; of all others their number is told', () => {
    const three = [attempt(), attempt(), attempt()];
    expect(attemptsWords(three, 3, 20e6)).toHaveLength(3);
    expect(attemptsWords(three, 3, 20e6).at(-1)).toBe('and 1 more');
    expect(attemptsWords([attempt()], 41, 20e6).at(-1)).toBe('and 40 more');
    expect(attemptsWords([], 1234, 20e6)).toEqual(['1,234 attempts']);
    expect(attemptsWords([], 0, 20e6)).toEqual([]);
  });
});

describe('a moment in words', () => {
  it('leaves out what there was none of', () => {
    expect(momentWords(READING)).toBe('10.000 ms · used 40 to 1,900 of 2,048 · peak 1,950');
    expect(momentWords({ ...READING, transientMax: 64, failures: 1 })).toBe(
      '10.000 ms · used 40 to 1,900 of 2,048 · peak 1,950 · transient 0 to 64 · 1 map failed',
    );
  });
});

describe('a stretch in words', () => {
  it('says from when to when, how long, and its extremes', () => {
    expect(spanLines(READING)).toEqual([
      '10.000 ms to 12.500 ms · 2.5 ms',
      'used 40 to 1,900 · capacity 2,048 · peak 1,950',
      'no attempt to grow, no map failed',
    ]);
  });

  it('says what came of the attempts in it', () => {
    const busy = {
      ...READING,
      capacity: 5120,
      transientMax: 96,
      grown: 1,
      halved: 2,
      growthFailed: 1,
      transients: 9,
      transientsFailed: 2,
      ordersRefused: 5,
      conversions: 3,
      failures: 4,
    };
    expect(spanLines(busy).slice(1)).toEqual([
      'used 40 to 1,900 · capacity 2,048 → 5,120 · peak 1,950 · transient 0 to 96',
      '4 attempts to grow: 1 grown, 2 halved, 1 failed · 9 transient pools, 2 failed · 5 orders refused · 3 conversions · 4 maps failed',
    ]);
  });

  it('tells transient pools that all failed as such', () => {
    expect(spanLines({ ...READING, transientsFailed: 1 }).at(-1)).toBe('1 transient pool failed');
  });
});
