import { beforeAll, expect, test } from 'vitest';
import { tooSmall } from '../scenarios/too-small.ts';
import type { ExplainAsk } from './reports.ts';
import { WorkedPage } from './worked-page.ts';

beforeAll(async () => void (await import('../worker/explain-desk.ts')));

const request: ExplainAsk = {
  kind: 'request',
  device: 0,
  cpu: 0,
  orig: 0x1234_5000,
  size: 4096,
  pages: false,
};

async function opened(): Promise<WorkedPage> {
  const worked = new WorkedPage();
  await worked.open(tooSmall);
  return worked;
}

/** Turns until an answer is there. */
async function answered(worked: WorkedPage): Promise<void> {
  for (let turn = 0; turn < 60 && worked.page.state.scope.progress !== null; turn++) {
    await worked.settle();
  }
}

test('a request of now is asked and shown; closed, nothing of it is left under way', async () => {
  const worked = await opened();
  const { page, posted } = worked;
  page.microscope.show(request);
  expect(page.state.scope).toMatchObject({ open: true, progress: 0, search: null });
  await answered(worked);
  expect(page.state.scope).toMatchObject({ progress: null, search: { when: 'now', device: 0 } });
  page.microscope.close();
  expect(page.state.scope.open).toBe(false);
  expect(posted.at(-1)).toMatchObject({ kind: 'explain', ask: null });
});

test('the run stands while one looks, and goes on afterwards', async () => {
  const worked = await opened();
  const { page, posted } = worked;
  page.client.post({ kind: 'play' });
  const isPlaying = () => page.state.readout?.runState === 'playing';
  for (let turn = 0; turn < 60 && !isPlaying(); turn++) await worked.settle();
  expect(isPlaying()).toBe(true);
  page.microscope.show(request);
  expect(posted.map(({ kind }) => kind).slice(-2)).toEqual(['pause', 'explain']);
  await answered(worked);
  page.microscope.show({ ...request, size: 8192 });
  await answered(worked);
  page.microscope.close();
  expect(posted.at(-1)).toEqual({ kind: 'play' });
  expect(posted.filter(({ kind }) => kind === 'pause')).toHaveLength(1);
});

test('what cannot be explained is told, and what was shown before stays', async () => {
  const worked = await opened();
  const { page } = worked;
  page.microscope.show(request);
  await answered(worked);
  page.microscope.show({ ...request, device: 200 });
  await answered(worked);
  expect(page.state.scope).toMatchObject({
    fault: 'There is no device 200 in this run.',
    search: { when: 'now' },
  });
});

test('an answer to an older question is dropped, and another run begins without any', async () => {
  const worked = await opened();
  const { page } = worked;
  page.microscope.show(request);
  await answered(worked);
  const { search } = page.state.scope;
  page.microscope.hear({
    kind: 'explained',
    id: 0,
    explained: { kind: 'none', sentence: 'too late' },
  });
  expect(page.state.scope).toMatchObject({ search, fault: null });
  await worked.open(tooSmall);
  expect(page.state.scope).toMatchObject({ open: false, search: null });
});
