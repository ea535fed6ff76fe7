import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_TICKET, WaitQueue } from './wait-queue.ts';

/** Who stands in the queue, front first. Follows the links, so a broken one shows. */
function standing(queue: WaitQueue): number[] {
  const tickets: number[] = [];
  let ticket = queue.first;
  // Links that lead in a circle must fail the test, not hang it.
  while (ticket !== NO_TICKET && tickets.length <= queue.length) {
    tickets.push(ticket);
    ticket = queue.behind(ticket);
  }
  return tickets;
}

function queueOf(...tickets: number[]): WaitQueue {
  const queue = new WaitQueue();
  for (const ticket of tickets) queue.push(ticket);
  return queue;
}

describe('a wait queue', () => {
  it('starts with nobody in it', () => {
    const queue = new WaitQueue();
    expect([queue.length, queue.first, queue.shift()]).toEqual([0, NO_TICKET, NO_TICKET]);
    expect([queue.has(0), queue.behind(0), queue.remove(0)]).toEqual([false, NO_TICKET, false]);
  });

  it('lets them out in the order they came', () => {
    const queue = queueOf(7, 3, 5);
    expect([queue.shift(), queue.shift(), queue.shift(), queue.shift()]).toEqual([7, 3, 5, -1]);
    expect(queue.length).toBe(0);
  });

  it('puts one in front of all others', () => {
    const queue = queueOf(1, 2);
    queue.unshift(9);
    expect(standing(queue)).toEqual([9, 1, 2]);
    const empty = new WaitQueue();
    empty.unshift(4);
    empty.push(5);
    expect(standing(empty)).toEqual([4, 5]);
  });

  it.each([
    { who: 'the first', leaver: 1, left: [2, 3] },
    { who: 'one in the middle', leaver: 2, left: [1, 3] },
    { who: 'the last', leaver: 3, left: [1, 2] },
  ])('closes up when $who leaves', ({ leaver, left }) => {
    const queue = queueOf(1, 2, 3);
    expect(queue.remove(leaver)).toBe(true);
    expect(standing(queue)).toEqual(left);
    expect([queue.has(leaver), queue.length]).toEqual([false, 2]);
    queue.push(8);
    expect(standing(queue)).toEqual([...left, 8]);
  });

  it('lets nobody leave twice', () => {
    const queue = queueOf(1, 2);
    expect([queue.remove(1), queue.remove(1)]).toEqual([true, false]);
    queue.shift();
    expect(queue.remove(2)).toBe(false);
  });

  it('takes back who has left', () => {
    const queue = queueOf(1, 2);
    queue.push(queue.shift());
    expect(standing(queue)).toEqual([2, 1]);
  });

  it('keeps everybody in place when a large ticket makes it grow', () => {
    const queue = queueOf(63, 0);
    queue.unshift(100_000);
    queue.push(64);
    expect(standing(queue)).toEqual([100_000, 63, 0, 64]);
    expect([queue.has(99_999), queue.has(100_001)]).toEqual([false, false]);
  });

  it('refuses one that stands in it already, at either end', () => {
    const queue = queueOf(1, 2);
    expect(() => queue.push(1)).toThrow(RangeError);
    expect(() => queue.unshift(2)).toThrow(RangeError);
    expect(standing(queue)).toEqual([1, 2]);
  });

  it.each([-1, 0.5, Number.NaN, Infinity, 2 ** 26 + 1])('knows no ticket %d', (ticket) => {
    const queue = queueOf(1);
    expect(() => queue.push(ticket)).toThrow(RangeError);
    expect(() => queue.unshift(ticket)).toThrow(RangeError);
    expect([queue.has(ticket), queue.remove(ticket)]).toEqual([false, false]);
    expect(standing(queue)).toEqual([1]);
  });
});

interface QueueStep {
  readonly kind: 'push' | 'unshift' | 'shift' | 'remove';
  readonly ticket: number;
}

/** The same step on a plain array. @returns what the queue should answer. */
function stepOfArray(array: number[], { kind, ticket }: QueueStep): unknown {
  const index = array.indexOf(ticket);
  if (kind === 'shift') return array.shift() ?? NO_TICKET;
  if (kind === 'remove') {
    if (index >= 0) array.splice(index, 1);
    return index >= 0;
  }
  if (index >= 0) return 'refused';
  if (kind === 'push') array.push(ticket);
  else array.unshift(ticket);
  return undefined;
}

function stepOfQueue(queue: WaitQueue, { kind, ticket }: QueueStep): unknown {
  if (kind === 'shift') return queue.shift();
  if (kind === 'remove') return queue.remove(ticket);
  try {
    return kind === 'push' ? queue.push(ticket) : queue.unshift(ticket);
  } catch {
    return 'refused';
  }
}

/** A few tickets that meet each other often, and some that make the queue grow. */
const tickets = fc.oneof({ weight: 4, arbitrary: fc.nat(9) }, fc.integer({ min: 50, max: 1000 }));
const steps = fc.array(
  fc.record<QueueStep>({
    kind: fc.constantFrom('push', 'unshift', 'shift', 'remove'),
    ticket: tickets,
  }),
  { maxLength: 120 },
);

it('does what a plain array does, whatever is asked of it', () => {
  fc.assert(
    fc.property(steps, (drawn) => {
      const queue = new WaitQueue();
      const array: number[] = [];
      for (const step of drawn) {
        expect(stepOfQueue(queue, step)).toBe(stepOfArray(array, step));
        expect(standing(queue)).toEqual(array);
        expect([queue.length, queue.first]).toEqual([array.length, array[0] ?? NO_TICKET]);
        expect(queue.has(step.ticket)).toBe(array.includes(step.ticket));
      }
    }),
    { numRuns: 300 },
  );
});
