import { expect, test } from 'vitest';
import { Doorbell } from './doorbell.ts';
import { NO_REQUEST, Requests } from './requests.ts';
import { Tasks } from './tasks.ts';

function tasksOf(count: number, cpus: number): { tasks: Tasks; requests: Requests } {
  const requests = new Requests();
  return { tasks: new Tasks(requests, count, cpus), requests };
}

test('tasks are dealt out over the CPUs in turn', () => {
  const { tasks } = tasksOf(5, 2);
  // Behind them the kworkers of the two queues.
  expect([...tasks.cpu]).toEqual([0, 1, 0, 1, 0, 0, 1]);
  expect(tasks.home(3)).toBe(1);
});

test('who sleeps takes its requests in flight out of the count, and brings them back', () => {
  const { tasks } = tasksOf(3, 3);
  tasks.countInFlight(0, 1);
  tasks.countInFlight(1, 1);
  tasks.countInFlight(1, 1);
  tasks.sleep(1);
  expect([tasks.awake, tasks.awakeInFlight]).toEqual([2, 1]);
  // One of them ends while it sleeps.
  tasks.countInFlight(1, -1);
  expect(tasks.awakeInFlight).toBe(1);
  tasks.wake(1, 2);
  expect([tasks.awake, tasks.awakeInFlight, tasks.cpu[1]]).toEqual([3, 2, 2]);
});

test('the next one awake is found in turn', () => {
  const { tasks } = tasksOf(4, 4);
  tasks.sleep(2);
  tasks.sleep(3);
  expect(tasks.awakeFrom(2)).toBe(0);
  expect(tasks.awakeFrom(1)).toBe(1);
});

test('a queue is polled while one of its tasks is awake', () => {
  const { tasks } = tasksOf(4, 2);
  tasks.sleep(0);
  expect(tasks.isPolled(0)).toBe(true);
  tasks.sleep(2);
  expect(tasks.isPolled(0)).toBe(false);
  expect(tasks.isPolled(1)).toBe(true);
  tasks.wake(2, 1);
  // It runs elsewhere, but polls its own queue.
  expect(tasks.isPolled(0)).toBe(true);
});

test('what was kept for a sleeper comes back in order', () => {
  const { tasks, requests } = tasksOf(2, 2);
  const [one, two] = [requests.take(), requests.take()];
  tasks.stash(1, one);
  tasks.stash(1, two);
  expect([tasks.unstash(1), tasks.unstash(1), tasks.unstash(1)]).toEqual([one, two, NO_REQUEST]);
});

test('each queue has a kworker, which sleeps without a task of its own', () => {
  const { tasks } = tasksOf(5, 2);
  expect([tasks.kworkerOf(0), tasks.kworkerOf(3), tasks.all]).toEqual([5, 6, 7]);
  tasks.sleep(6);
  expect([tasks.isAsleep(6), tasks.awake, tasks.isPolled(1)]).toEqual([true, 5, true]);
  tasks.wake(6, 0);
  expect([tasks.isAsleep(6), tasks.awake, tasks.cpu[6]]).toEqual([false, 5, 0]);
});

test('with several queues a task rings for its own batch only', () => {
  const requests = new Requests();
  const bell = new Doorbell(requests, 2, 4);
  const [own, other] = [requests.take(), requests.take()];
  bell.add(0, own);
  bell.add(1, other);
  expect([bell.next(0), bell.next(0)]).toEqual([own, NO_REQUEST]);
  expect(bell.count).toBe(1);
});

test('with one queue whoever rings rings for all, in the order of mapping', () => {
  const requests = new Requests();
  const bell = new Doorbell(requests, 2, 1);
  const [first, second] = [requests.take(), requests.take()];
  bell.add(1, first);
  bell.add(0, second);
  expect([bell.next(5), bell.next(5), bell.next(5)]).toEqual([first, second, NO_REQUEST]);
  expect(bell.count).toBe(0);
});
