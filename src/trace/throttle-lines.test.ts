import { describe, expect, it } from 'vitest';
import { bytesOfLines, headerLine, type Line } from '../testing/recording-text.ts';
import { HOLDER, RETURN, SLEEPER, THROTTLED, throttledHeader } from '../testing/throttled-text.ts';
import { TraceFault } from './fault.ts';
import { readRecording } from './recording-check.ts';
import { EVENT } from './recording.ts';
import { FLAG, MOMENT, NO_LIST } from './throttle-columns.ts';

const read = (...lines: Line[]) => readRecording(bytesOfLines(lines));

describe('a recording of a throttled kernel', () => {
  it('keeps every moment in columns, in their one order', async () => {
    const { throttle, count, gaps } = await read(...THROTTLED);
    if (throttle === null) throw new RangeError('the throttle was not read');
    const { moments, order, rows, decisions } = throttle;
    const told = Array.from(order, (moment) => [moments.seq[moment], moments.kind[moment]]);
    expect(told).toEqual([
      [3, MOMENT.total],
      [5, MOMENT.decide],
      [6, MOMENT.acquire],
      [8, MOMENT.total],
      [10, MOMENT.decide],
      [11, MOMENT.queue],
      [21, MOMENT.total],
      [22, MOMENT.release],
      [24, MOMENT.acquire],
      [27, MOMENT.release],
    ]);
    expect([...decisions.used]).toEqual([2, 3]);
    expect([...rows.flags]).toEqual([
      FLAG.total,
      FLAG.mayBlock | FLAG.decided | FLAG.total,
      FLAG.throttled | FLAG.total | FLAG.release,
      FLAG.mayBlock | FLAG.decided | FLAG.release,
    ]);
    expect([...rows.list]).toEqual([NO_LIST, NO_LIST, NO_LIST, NO_LIST]);
    expect([count, gaps]).toEqual([4, []]);
  });

  it('is read without its throttle when the header has none', async () => {
    const recording = await read(headerLine(), ...THROTTLED.slice(1));
    expect(recording.throttle).toBeNull();
    expect(recording.count).toBe(4);
  });

  it('has thresholds and failed lists for events, and passes over marks', async () => {
    const { events, count } = await read(
      throttledHeader(),
      { op: 'mark', t: 1, seq: 1, text: 'begin' },
      { op: 'threshold', t: 1, seq: 2, which: 'low', value: 1e9 },
      { op: 'sgfail', t: 1, seq: 3, sg: 7, nents: 5, mapped: 2, ret: -5 },
      { op: 'kernel', t: 1, seq: 4, event: 'queue_rq_fail' },
    );
    expect(count).toBe(2);
    expect([...events.kind]).toEqual([EVENT.threshold, EVENT.listFailed]);
    expect([...events.result]).toEqual([1e9, -5]);
  });

  it('says what its header counts and the file lacks', async () => {
    const { gaps } = await read(
      { ...throttledHeader(), mayBlock: 3, throttledHigh: 2, throttledLow: 1, waited: 0 },
      HOLDER,
      { ...RETURN, tot: undefined },
    );
    expect(gaps).toEqual([
      'The header counts 3 maps that may block, the file has 1.',
      'The header counts 2 maps throttled above high, the file has 1.',
      'The header counts 1 maps throttled above low, the file has 0.',
      'The use behind 1 maps and unmaps is missing.',
    ]);
  });
});

const inThrottle = (changes: Line): Line => ({
  ...SLEEPER,
  throttle: { ...(SLEEPER['throttle'] as Line), ...changes },
});

describe('one sentence for every fault of the throttle', () => {
  const lines: [name: string, line: Line, sentence: string][] = [
    ['a throttle in words', { ...SLEEPER, throttle: 'yes' }, 'throttle is "yes", expected an obj'],
    ['another reason', inThrottle({ why: 'low?' }), 'throttle.why is "low?", expected none, high'],
    ['a use outside', inThrottle({ used: 1e12 }), 'throttle.used is 1000000000000'],
    ['a negative count', inThrottle({ semCount: -1 }), 'throttle.semCount is -1'],
    ['a threshold in words', inThrottle({ high: '70 %' }), 'throttle.high is "70 %"'],
    ['a fraction of a threshold', inThrottle({ low: 0.5 }), 'throttle.low is 0.5'],
    ['no place', inThrottle({ sdecide: null }), 'throttle.sdecide is null'],
    ['no time', inThrottle({ tdecide: null }), 'throttle.tdecide is null, expected a time'],
    ['a sleep before', inThrottle({ squeued: 9 }), 'throttle.squeued is 9, expected more than 10'],
    ['a wake before', inThrottle({ sacquired: 11 }), 'throttle.sacquired is 11, expected more'],
    ['a wake too late', inThrottle({ sacquired: 26 }), 'locks is a list of 2, expected a search'],
    ['a wait in words', inThrottle({ waited: 'long' }), 'throttle.waited is "long", expected true'],
    ['a use in words', { ...HOLDER, tot: 'three' }, 'tot is "three", expected a list'],
    ['a use of half a slot', { ...HOLDER, tot: [8, 0, 0.5] }, 'entry 2 of tot is 0.5'],
    [
      'a use noted before',
      { ...HOLDER, tot: [7, 0, 3] },
      'entry 0 of tot is 7, expected more than',
    ],
    ['a list of two', { ...HOLDER, sg: [1, 2] }, 'entry 2 of sg is missing'],
    ['an entry outside', { ...HOLDER, sg: [1, 2, 2] }, 'entry 1 of sg is 2, expected less than'],
    ['a mark in words', { ...RETURN, throttled: 'yes' }, 'throttled is "yes", expected true'],
    [
      'a release too early',
      { ...RETURN, release: { seq: 20, t: 0 } },
      'release.seq is 20, expected',
    ],
    [
      'a task outside',
      { ...RETURN, release: { seq: 29, t: 0, to: 1e9 } },
      'release.to is 10000000',
    ],
    ['a third threshold', { op: 'threshold', t: 0, seq: 1, which: 'mid' }, 'which is "mid", expec'],
    ['no value', { op: 'threshold', t: 0, seq: 1, which: 'low' }, 'value is missing, expected a'],
    ['a mark without text', { op: 'mark', t: 0, seq: 1 }, 'text is missing, expected text'],
    ['a list of none', { op: 'sgfail', t: 0, seq: 1, sg: 1, nents: 0 }, 'nents is 0, expected'],
    [
      'more tried than there are',
      { op: 'sgfail', t: 0, seq: 1, sg: 1, nents: 2, mapped: 3 },
      'mapped is 3, expected a whole number from 1 to 2',
    ],
  ];
  it.each(lines)('%s', async (_, line, sentence) => {
    const reading = read(throttledHeader(), line);
    await expect(reading).rejects.toThrow(TraceFault);
    await expect(reading).rejects.toThrow(`Line 2: ${sentence}`);
  });

  it.each([
    ['no threshold', { high: undefined }, 'Line 1: throttle.high is missing'],
    ['a threshold below 0', { low: -1 }, 'Line 1: throttle.low is -1'],
    ['a count in words', { countEnd: { high: 'many' } }, 'throttle.countEnd.high is "many"'],
    ['counts in a list', { countStart: [1] }, 'throttle.countStart is a list of 1, expected an'],
    ['an endless end', { highEnd: 1e308 }, 'Line 1: throttle.highEnd is 1e+308'],
    ['a count of words', { semCount: 'one' }, 'Line 1: throttle.semCount is "one"'],
  ])('a header with %s', async (_, changes, sentence) => {
    await expect(read(throttledHeader(changes))).rejects.toThrow(sentence);
  });
});
