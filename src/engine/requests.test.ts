import { expect, test } from 'vitest';
import { MAX_SEGMENTS, NO_REQUEST, RequestQueues, Requests } from './requests.ts';

test('rows are used again, and counted all the same', () => {
  const requests = new Requests();
  const first = requests.take();
  const second = requests.take();
  expect(second).not.toBe(first);
  requests.give(first);
  expect(requests.take()).toBe(first);
  expect(requests.serial[first]).toBe(3);
});

test('the table grows and keeps what was written', () => {
  const requests = new Requests();
  const rows = Array.from({ length: 1500 }, () => requests.take());
  for (const row of rows) {
    requests.count[row] = 0;
    requests.bytes[row] = row * 3;
    requests.addSegment(row, 2 ** 33 + row * 4096, row + 1, 1);
  }
  const more = requests.take();
  expect(more).toBe(1500);
  for (const row of rows) {
    expect(requests.bytes[row]).toBe(row * 3);
    expect(requests.segmentAddress[row * MAX_SEGMENTS]).toBe(2 ** 33 + row * 4096);
    expect(requests.segmentBytes[row * MAX_SEGMENTS]).toBe(row + 1);
  }
});

test('queues give back in the order they took, each its own', () => {
  const requests = new Requests();
  const queues = new RequestQueues(requests, 2);
  const [a, b, c] = [requests.take(), requests.take(), requests.take()];
  queues.push(0, a);
  queues.push(1, b);
  queues.push(0, c);
  expect(queues.isEmpty(0)).toBe(false);
  expect([queues.shift(0), queues.shift(0), queues.shift(0)]).toEqual([a, c, NO_REQUEST]);
  expect(queues.shift(1)).toBe(b);
  expect(queues.isEmpty(1)).toBe(true);
});
