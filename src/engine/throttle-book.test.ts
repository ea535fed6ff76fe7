import { expect, test } from 'vitest';
import { PASSAGE_ROWS } from './frame.ts';
import { NOT_YET, ThrottleBook } from './throttle-book.ts';

const ASK = { device: 1, cpu: 2, bytes: 4096, why: 'high' } as const;

test('a passage goes from the gate to its unmap, and its wait is counted once', () => {
  const book = new ThrottleBook();
  book.arrive(7, ASK, 100);
  book.sleep(7, 100);
  expect([book.waiting, book.slept, book.stats.count]).toEqual([1, 1, 0]);
  book.admit(7, 3, 400);
  expect([book.waiting, book.moved, book.stats.maxNs]).toEqual([0, 1, 300]);
  book.place(7, { pool: 0, slot: 64, nslots: 2 }, 450);
  expect(book.inside()).toMatchObject([{ serial: 1, cpu: 3, slot: 64, releasedNs: NOT_YET }]);
  book.end(7, 900);
  expect(book.inside()).toEqual([]);
  expect(book.ended()).toMatchObject([{ serial: 1, arrivedNs: 100, releasedNs: 900 }]);
});

test('who never slept has no wait', () => {
  const book = new ThrottleBook();
  book.arrive(1, ASK, 5);
  book.admit(1, 2, 5);
  expect([book.arrived, book.slept, book.stats.count, book.moved]).toEqual([1, 0, 0, 0]);
});

test('time slept is summed over all sleepers, and apart while the use is low', () => {
  const book = new ThrottleBook();
  book.note(0, 90, 50);
  book.arrive(1, ASK, 0);
  book.sleep(1, 0);
  book.arrive(2, ASK, 10);
  book.sleep(2, 10);
  book.note(20, 50, 50);
  book.note(30, 51, 50);
  book.settle(40);
  // One sleeper for 10 ns, two for 30; 10 of those 30 at the low threshold.
  expect([book.waitedNs, book.needlessNs]).toEqual([10 + 60, 20]);
  book.settle(40);
  expect(book.waitedNs).toBe(70);
});

test('waits longer than the patience told are starved, and count when they are over', () => {
  const book = new ThrottleBook(1000);
  for (const [ticket, wait] of [
    [1, 1000],
    [2, 1001],
  ] as const) {
    book.arrive(ticket, ASK, 0);
    book.sleep(ticket, 0);
    book.admit(ticket, 2, wait);
  }
  expect(book.starvedOver).toBe(1);
});

test('of those that ended only as many are kept as a frame shows', () => {
  const book = new ThrottleBook();
  for (let ticket = 0; ticket < PASSAGE_ROWS + 10; ticket++) {
    book.arrive(ticket, ASK, ticket);
    book.admit(ticket, 2, ticket);
    book.end(ticket, ticket);
  }
  expect(book.ended()).toHaveLength(PASSAGE_ROWS);
  expect(book.ended()[0]?.serial).toBe(PASSAGE_ROWS + 10);
});

test('a ticket that never came is an error, its end is none', () => {
  const book = new ThrottleBook();
  expect(() => book.of(3)).toThrow(/ticket 3/);
  expect(book.find(3)).toBeNull();
  book.end(3, 1);
  expect(book.ended()).toEqual([]);
});
