import { expect, test } from 'vitest';
import type { StudyEvents } from '../worker/study-client.ts';
import type { StudyProgress, StudyReport, StudyRow } from '../worker/study-protocol.ts';
import { StudyStore } from './study.ts';

/** A store whose workers are of paper: what they were sent, and whether they were ended. */
function storeOfPaper() {
  const workers: { events: StudyEvents; posted: unknown[]; closed: boolean }[] = [];
  const store = new StudyStore((events) => {
    const worker = { events, posted: [] as unknown[], closed: false };
    workers.push(worker);
    return {
      post: (command) => worker.posted.push(command),
      close: () => {
        worker.closed = true;
      },
    };
  });
  const say = (report: StudyReport, at = workers.length - 1) => workers[at]?.events.message(report);
  return { store, workers, say };
}

const progress: StudyProgress = {
  done: 3,
  total: 150,
  machine: 'vm',
  load: 'small',
  variant: 'base',
};
const row = { machine: 'vm', load: 'small' } as StudyRow;

test('it runs in a worker of its own, which is ended when it is done', () => {
  const { store, workers, say } = storeOfPaper();
  expect([store.state.phase, workers.length]).toEqual(['idle', 0]);
  store.run('tesarik-2023');
  expect(workers[0]?.posted).toEqual([{ kind: 'study', id: 'tesarik-2023' }]);
  say({ kind: 'progress', progress });
  expect(store.state).toMatchObject({ phase: 'running', progress, rows: [] });
  say({ kind: 'row', row });
  expect([store.state.rows, workers[0]?.closed]).toEqual([[row], false]);
  say({ kind: 'done', effects: [] });
  expect(store.state).toEqual({
    phase: 'done',
    progress: null,
    rows: [row],
    effects: [],
    fault: null,
  });
  expect(workers[0]?.closed).toBe(true);
});

test('asked again while it runs it goes on; cancelled it ends its worker and keeps its rows', () => {
  const { store, workers, say } = storeOfPaper();
  store.run('tesarik-2023');
  store.run('tesarik-2023');
  expect(workers).toHaveLength(1);
  say({ kind: 'row', row });
  store.cancel();
  expect(workers[0]?.closed).toBe(true);
  expect(store.state).toMatchObject({ phase: 'stopped', rows: [row], fault: null });
  // What it had sent before is not heard.
  say({ kind: 'row', row });
  say({ kind: 'done', effects: [] });
  expect(store.state).toMatchObject({ phase: 'stopped', rows: [row] });
  store.run('tesarik-2023');
  expect(store.state).toMatchObject({ phase: 'running', rows: [] });
  say({ kind: 'row', row }, 0);
  expect(store.state.rows).toEqual([]);
  say({ kind: 'row', row }, 1);
  expect(store.state.rows).toEqual([row]);
});

test('a worker that dies, refuses, or talks nonsense stops it with a sentence', () => {
  const { store, workers, say } = storeOfPaper();
  store.run('tesarik-2023');
  workers[0]?.events.crash('out of memory');
  expect(store.state).toMatchObject({
    phase: 'stopped',
    fault: 'The worker of the study stopped (out of memory).',
  });
  store.run('x');
  say({ kind: 'refused', sentence: 'there is no study "x"' });
  expect(store.state).toMatchObject({ phase: 'stopped', fault: 'there is no study "x"' });
  store.run('tesarik-2023');
  workers[2]?.events.message(17);
  expect(store.state.fault).toBe('The worker of the study sent something that is no report.');
  expect(workers.every(({ closed }) => closed)).toBe(true);
  // Nothing runs, so nothing is to be cancelled.
  store.cancel();
  expect(store.state.fault).toBe('The worker of the study sent something that is no report.');
});
