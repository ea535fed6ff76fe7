/** The throttle as it stood when a recording ended: header, end table and the blocked against the model. */
import { at } from '../model/array.ts';
import type { Pool } from '../model/pool.ts';
import type { Throttle } from '../model/throttle.ts';
import { NO_TICKET } from '../model/wait-queue.ts';
import type { Fields } from './fields.ts';
import { MAP_UNFINISHED, type Recording } from './recording.ts';
import { MOMENT, type ThrottleRecord } from './throttle-columns.ts';

const LIMIT = Number.MAX_SAFE_INTEGER;
/** Most pids that a sentence names. */
const NAMED = 10;

/** The kernel's own words in the end table. */
export interface EndThrottle {
  readonly high: number;
  readonly low: number;
  readonly semCount: number;
  /** Whether anybody waits; the table does not count them all. */
  readonly hasWaiters: boolean;
  readonly highCount: number;
  readonly lowCount: number;
}

/** Reads them; null in the table of a kernel without a throttle. */
export function endThrottle(fields: Fields): EndThrottle | null {
  if (!fields.has('high_throttle')) return null;
  const whole = (name: string) => fields.whole(name, 0, LIMIT);
  return {
    high: whole('high_throttle'),
    low: whole('low_throttle'),
    semCount: whole('sem_count'),
    hasWaiters: whole('sem_waiters') > 0,
    highCount: whole('high_throttle_count'),
    lowCount: whole('low_throttle_count'),
  };
}

/** What differs at the end, a sentence each; `table` null when there is none that says it. */
export function compareThrottleEnd(
  recording: Recording,
  throttle: Throttle,
  table: EndThrottle | null,
): string[] {
  const { throttle: record } = recording;
  if (record === null) return [];
  const { highEnd, lowEnd, countEnd } = record.header;
  const { highThrottle, lowThrottle, highThrottleCount, lowThrottleCount, semCount } = throttle;
  const waiters = throttle.queue.length > 0;
  const told: Told[] = [
    ['high_throttle at the end', highEnd, highThrottle],
    ['low_throttle at the end', lowEnd, lowThrottle],
    ['high_throttle_count at the end', countEnd.high, highThrottleCount],
    ['low_throttle_count at the end', countEnd.low, lowThrottleCount],
    [
      'asleep in the throttle at the end',
      blockedIn(recording, record),
      asleepIn(recording, throttle),
    ],
  ];
  if (table !== null) {
    told.push(
      ['end table: high_throttle', table.high, highThrottle],
      ['end table: low_throttle', table.low, lowThrottle],
      ['end table: sem_count', table.semCount, semCount],
      ['end table: waiters', someText(table.hasWaiters), someText(waiters)],
      ['end table: high_throttle_count', table.highCount, highThrottleCount],
      ['end table: low_throttle_count', table.lowCount, lowThrottleCount],
    );
  }
  return told
    .filter(([, expected, got]) => expected !== null && expected !== got)
    .map(([what, expected, got]) => `${what}: expected ${expected}, got ${got}`);
}

type Told = readonly [what: string, expected: number | string | null, got: number | string];

/** Who went to sleep in the recording and never woke, in the order of the queue. */
function blockedIn({ events }: Recording, { moments, order }: ThrottleRecord): string {
  const asleep = new Set<number>();
  for (const moment of order) {
    const row = at(moments.row, moment);
    const kind = at(moments.kind, moment);
    if (kind === MOMENT.queue && at(events.result, row) === MAP_UNFINISHED) asleep.add(row);
    if (kind === MOMENT.acquire) asleep.delete(row);
  }
  return tasksText(Array.from(asleep, (row) => at(events.pid, row)));
}

/** Who sleeps in the model. */
function asleepIn({ events }: Recording, { queue }: Throttle): string {
  const pids: number[] = [];
  for (let row = queue.first; row !== NO_TICKET; row = queue.behind(row)) {
    pids.push(at(events.pid, row));
  }
  return tasksText(pids);
}

function tasksText(pids: readonly number[]): string {
  if (pids.length === 0) return 'nobody';
  const more = pids.length > NAMED ? ` and ${pids.length - NAMED} more` : '';
  return `task ${pids.slice(0, NAMED).join(', ')}${more}`;
}

function someText(some: boolean): string {
  return some ? 'some' : 'none';
}

/** Compares the marks of throttled mappings; `slots` and `marks` are the table's rows, parallel. */
export function compareMarks({ throttled }: Pool, slots: Uint32Array, marks: Uint8Array): string[] {
  let row = 0;
  const wrong: number[] = [];
  for (let slot = 0; slot < throttled.length; slot++) {
    while (row < slots.length && at(slots, row) < slot) row++;
    const expected = slots[row] === slot ? at(marks, row) : 0;
    if (at(throttled, slot) !== expected) wrong.push(slot);
  }
  const [first] = wrong;
  if (first === undefined) return [];
  const got = at(throttled, first);
  return [
    `end table: ${wrong.length} marks of throttled mappings differ, slot ${first}: expected ${1 - got}, got ${got}`,
  ];
}
