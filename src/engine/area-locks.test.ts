import { expect, test } from 'vitest';
import { createPool, type Pool } from '../model/pool.ts';
import { AreaLocks } from './area-locks.ts';

function pool(id = 0): Pool {
  return createPool(id, { base: 0, nslabs: 512, nareas: 2, kind: 'default' }, 'fast');
}

test('a lock is free before it is taken, and again when its time is over', () => {
  const locks = new AreaLocks(4);
  const table = locks.of(pool());
  expect(locks.isFree(table, 0, 0)).toBe(true);
  locks.hold(table, 0, 3, 100, 50);
  expect(locks.isFree(table, 0, 149)).toBe(false);
  expect(locks.isFree(table, 0, 150)).toBe(true);
  expect(locks.isFree(table, 1, 120)).toBe(true);
});

test('the holder is shown while it holds, and nobody afterwards', () => {
  const locks = new AreaLocks(4);
  const table = locks.of(pool());
  locks.hold(table, 1, 2, 100, 50);
  expect(locks.holderAt(table, 1, 120)).toBe(2);
  expect(locks.holderAt(table, 1, 150)).toBe(-1);
  expect(locks.holderAt(table, 0, 120)).toBe(-1);
});

test('CPUs that spin get the lock in the order they came, whatever their number', () => {
  const locks = new AreaLocks(4);
  const table = locks.of(pool());
  locks.hold(table, 0, 0, 0, 100);
  expect(locks.queue(table, 0, 3, 10)).toBe(true);
  expect(locks.queue(table, 0, 1, 20)).toBe(false);
  expect(locks.queue(table, 0, 2, 30)).toBe(false);
  expect(table.spinners[0]).toBe(3);
  expect(locks.lowestSpinner(table, 0)).toBe(1);
  const order: (number | undefined)[] = [];
  for (let nowNs = 100; table.head[0] !== -1; nowNs += 100) {
    order.push(table.head[0]);
    locks.leaveQueue(table, 0, nowNs);
  }
  expect(order).toEqual([3, 1, 2]);
  expect(table.spinners[0]).toBe(0);
  expect(locks.lowestSpinner(table, 0)).toBe(-1);
});

test('a newcomer queues behind those who spin, even when the lock is free at last', () => {
  const locks = new AreaLocks(4);
  const table = locks.of(pool());
  locks.hold(table, 0, 0, 0, 100);
  locks.queue(table, 0, 1, 50);
  expect(locks.isFree(table, 0, 150)).toBe(false);
  locks.leaveQueue(table, 0, 180);
  expect(locks.isFree(table, 0, 180)).toBe(true);
});

test('takings, contention, spinning and holding are counted per area', () => {
  const locks = new AreaLocks(4);
  const table = locks.of(pool());
  locks.hold(table, 0, 0, 0, 100);
  locks.queue(table, 0, 1, 40);
  locks.leaveQueue(table, 0, 180);
  locks.hold(table, 0, 1, 180, 60);
  locks.hold(table, 1, 2, 0, 5);
  expect([...table.taken]).toEqual([2, 1]);
  expect([...table.contended]).toEqual([1, 0]);
  expect([...table.spunNs]).toEqual([140, 0]);
  expect([...table.heldNs]).toEqual([160, 5]);
});

test('a pool that is gone leaves nothing to one of the same number', () => {
  const locks = new AreaLocks(4);
  const gone = pool(5);
  locks.note(gone, 1);
  expect(locks.of(gone).taken[1]).toBe(1);
  expect(locks.of(pool(5)).taken[1]).toBe(0);
});
