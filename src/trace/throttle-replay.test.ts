import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytesOfLines } from '../testing/recording-text.ts';
import { readEndTable } from './end-table.ts';
import type { FileReport } from './file-report.ts';
import { readRecording } from './recording-check.ts';
import { replayRecording } from './recording-report.ts';

type Json = Record<string, unknown>;
type Changed = (lines: Json[]) => number;

const fixture = (name: string) =>
  readFileSync(new URL(`./fixtures/recordings/thr-${name}`, import.meta.url));

/** The lines of a recording, header first. */
function linesOf(name: string): Json[] {
  const text = gunzipSync(fixture(`${name}.jsonl.gz`)).toString();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Json);
}

/** Replays a recording in which something was altered. */
async function altered(
  name: string,
  change: Changed,
): Promise<{ report: FileReport; line: number }> {
  const lines = linesOf(name);
  const line = change(lines);
  const table = await readEndTable(fixture(`${name}.slots-end.json`));
  return { report: replayRecording(await readRecording(bytesOfLines(lines)), table), line };
}

const objectOf = (line: Json | undefined, name: string) => line?.[name] as Json;
const throttleOf = (line: Json | undefined) => objectOf(line, 'throttle');
const isUnmap = ({ op }: Json) => op === 'unmap';
const isHigh = (line: Json) => line['throttle'] !== undefined && throttleOf(line)['why'] === 'high';
const waited = (line: Json) =>
  line['throttle'] !== undefined && throttleOf(line)['waited'] === true;
const givesBack = (line: Json) => isUnmap(line) && line['release'] !== undefined;
const isEntry = (op: string, entry: number) => (line: Json) =>
  line['op'] === op && (line['sg'] as number[] | undefined)?.[1] === entry;

/** Alters the first line that is like `which`. @returns its number, the header being 1. */
const first =
  (which: (line: Json) => boolean, change: (line: Json, index: number, lines: Json[]) => void) =>
  (lines: Json[]) => {
    const index = lines.findIndex((line) => which(line));
    const line = lines[index];
    if (line === undefined) throw new RangeError('no such line in the recording');
    change(line, index, lines);
    return index + 1;
  };
const inThrottle = (changes: Json) => (line: Json) => {
  Object.assign(throttleOf(line), changes);
};

describe('a difference in the throttle is told at its line', () => {
  const cases: [what: string, name: string, change: Changed, expected: string, got: string][] = [
    [
      'why',
      'hyst-1cpu',
      first(isHigh, inThrottle({ why: 'low' })),
      'throttled above low (semaphore 1, high 430, low 400)',
      'throttled above high (semaphore 1, high 430, low 400)',
    ],
    [
      'used, so far that it decides otherwise',
      'hyst-1cpu',
      first(isHigh, inThrottle({ used: 400 })),
      'throttled above high (semaphore 1, high 430, low 400)',
      'not throttled (semaphore 1, high 430, low 400)',
    ],
    [
      'semCount',
      'hyst-1cpu',
      first(waited, inThrottle({ semCount: 1 })),
      'throttled above high (semaphore 1, high 430, low 400)',
      'throttled above high (semaphore 0, high 430, low 400)',
    ],
    [
      'high',
      'hyst-1cpu',
      first(waited, inThrottle({ high: 431 })),
      'throttled above high (semaphore 0, high 431, low 400)',
      'throttled above high (semaphore 0, high 430, low 400)',
    ],
    [
      'low',
      'hyst-1cpu',
      first(waited, inThrottle({ low: 0 })),
      'throttled above high (semaphore 0, high 430, low 0)',
      'throttled above high (semaphore 0, high 430, low 400)',
    ],
    [
      'waited',
      'hyst-1cpu',
      first(waited, inThrottle({ waited: false })),
      'the semaphore at once',
      'the semaphore after a sleep',
    ],
    [
      'a sleep that was none',
      'hyst-1cpu',
      first(isHigh, (line) => {
        const throttle = throttleOf(line);
        Object.assign(throttle, { squeued: throttle['sacquired'], tqueued: throttle['tacquired'] });
        throttle['sacquired'] = undefined;
      }),
      'asleep in the queue',
      'the semaphore, which was free',
    ],
    [
      'to whom the semaphore goes',
      'hyst-1cpu',
      first(givesBack, (line) => Object.assign(objectOf(line, 'release'), { to: 7 })),
      'the semaphore to task 7',
      'the semaphore to task 162',
    ],
    [
      'that it goes to nobody',
      'hyst-1cpu',
      first(givesBack, (line) => Object.assign(objectOf(line, 'release'), { to: null })),
      'the semaphore to nobody',
      'the semaphore to task 162',
    ],
    [
      'that it is given back',
      'hyst-1cpu',
      first(givesBack, (line) => {
        line['release'] = undefined;
      }),
      'the semaphore not given back',
      'the semaphore given back',
    ],
    [
      'the mark of a throttled mapping',
      'hyst-1cpu',
      first(givesBack, (line) => {
        line['throttled'] = false;
      }),
      'a mapping that was not throttled',
      'a throttled mapping',
    ],
    [
      'the mark of another mapping',
      'hyst-1cpu',
      first(isUnmap, (line) => {
        line['throttled'] = true;
      }),
      'a throttled mapping',
      'a mapping that was not throttled',
    ],
    [
      'a semaphore given back by one that had none',
      'hyst-1cpu',
      first(isUnmap, (line) => {
        const [seq, t] = line['tot'] as number[];
        line['release'] = { seq: (seq ?? 0) + 1, t, to: null };
      }),
      'the semaphore to nobody',
      'no semaphore to give back',
    ],
    [
      'the use behind a map',
      'hyst-1cpu',
      first(
        (line) => line['tot'] !== undefined && line['op'] === 'map',
        (line) => {
          (line['tot'] as number[])[2] = 9;
        },
      ),
      '9 slots in use',
      '1',
    ],
    [
      'whether a map may block',
      'hyst-1cpu',
      first(
        (line) => line['op'] === 'map' && line['throttle'] !== undefined,
        (line) => {
          line['attrs'] = 0x100;
        },
      ),
      'a look at the thresholds',
      'no look at the thresholds',
    ],
    [
      'whether a later entry of a list may block',
      'hyst-1cpu',
      first(isEntry('map', 1), (line) => {
        line['attrs'] = 0x500;
      }),
      'a later entry that may block',
      'entry 0 alone may',
    ],
    [
      'the order in which a list is mapped',
      'hyst-1cpu',
      first(isEntry('map', 1), (line) => {
        (line['sg'] as number[])[1] = 2;
      }),
      'entry 2 of 41 mapped',
      'entry 1 of 41 mapped',
    ],
    [
      'the order in which a list is unmapped',
      'hyst-1cpu',
      first(isEntry('unmap', 3), (line) => {
        (line['sg'] as number[])[1] = 5;
      }),
      'entry 4 unmapped',
      'entry 6 next',
    ],
    [
      'where a list failed',
      'sglfail-1cpu',
      first(
        ({ op }) => op === 'sgfail',
        (line) => {
          line['mapped'] = 3;
        },
      ),
      'a list that failed at entry 2 of 61',
      'a list that failed at entry 35 of 61',
    ],
  ];
  it.each(cases)('%s', async (_, name, change, expected, got) => {
    const { report, line } = await altered(name, change);
    expect(report.first).toBe(`line ${line}: expected ${expected}, got ${got}`);
    expect(report.differ).toBeGreaterThan(0);
  });

  it('the order of the queue, at the line that hands the semaphore to the first', async () => {
    const { report, line } = await altered('small-1cpu', (lines) => {
      const [one, other] = lines.filter((candidate) => waited(candidate)).map(throttleOf);
      if (one === undefined || other === undefined) throw new RangeError('too few waiters');
      // Behind the other, and still in front of all else.
      one['squeued'] = (other['squeued'] as number) + 1;
      return lines.findIndex(givesBack) + 1;
    });
    expect(report.first).toMatch(
      new RegExp(
        `^line ${line}: expected the semaphore to task 155, got the semaphore to task \\d+$`,
      ),
    );
  });

  it('the value of a threshold, at the next decision that reads it', async () => {
    const { report, line } = await altered('retune-4cpu', (lines) => {
      const index = lines.findIndex(({ op, value }) => op === 'threshold' && value === 614);
      Object.assign(lines[index] ?? {}, { value: 615 });
      const next = ({ throttle }: Json, at: number) => at > index && throttle !== undefined;
      return lines.findIndex(next) + 1;
    });
    expect(report.first).toMatch(new RegExp(`^line ${line}: expected .*high 614, .*high 615,`));
  });

  it('a threshold at the start, at the first decision', async () => {
    const { report, line } = await altered('hyst-1cpu', (lines) => {
      Object.assign(objectOf(lines[0], 'throttle'), { high: 429 });
      return lines.findIndex(({ throttle }, index) => index > 0 && throttle !== undefined) + 1;
    });
    expect(report.first).toMatch(new RegExp(`^line ${line}: expected .*high 430, .*high 429,`));
  });

  it('counts a use that is read apart, and goes on', async () => {
    const { report } = await altered('hyst-1cpu', first(isHigh, inThrottle({ used: 434 })));
    expect(report).toMatchObject({ differ: 0, failures: [] });
    expect(report.remarks[0]).toBe(
      '50 throttle decisions compared; the use they read, without a lock, is not the replayed one in 1',
    );
  });
});
