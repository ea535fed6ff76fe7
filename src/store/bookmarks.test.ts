import { expect, it, vi } from 'vitest';
import { tooSmall } from '../scenarios/too-small.ts';
import { WorkedPage } from './worked-page.ts';

/** A page whose run has a past. */
async function opened(): Promise<WorkedPage> {
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => setTimeout(callback, 0));
  const worked = new WorkedPage();
  await worked.open(tooSmall);
  for (let turn = 0; turn < 200 && worked.page.state.time.end === null; turn++) {
    await worked.settle();
  }
  expect(worked.page.state.time.end).not.toBeNull();
  return worked;
}

it('a place is marked in a run that has a past, in the order of moments, and gone back to', async () => {
  const worked = await opened();
  const { page } = worked;
  const event = page.state.readout?.event ?? 0;
  expect(event).toBeGreaterThan(20);
  page.bookmarks.mark();
  page.time.toEvent(12);
  await worked.settle();
  page.bookmarks.mark();
  const [first, second] = page.state.bookmarks;
  expect([first?.event, second?.event]).toEqual([12, event]);
  page.bookmarks.edit(first?.id ?? 0, { name: 'x'.repeat(60), note: 'why' });
  expect(page.state.bookmarks[0]).toMatchObject({ name: 'x'.repeat(40), note: 'why' });
  if (second === undefined) throw new Error('no second bookmark');
  page.bookmarks.goTo(second);
  await worked.settle();
  expect(page.state.readout?.event).toBe(event);
  page.bookmarks.remove(second.id);
  expect(page.state.bookmarks.map(({ event: at }) => at)).toEqual([12]);
});

it('a stretch that is looped begins again at its end, until it is let go', async () => {
  const worked = await opened();
  const { page } = worked;
  page.bookmarks.toggleLoop();
  expect(page.state.notices.map(({ text }) => text).join()).toContain('select a stretch');
  page.set({ span: { fromNs: 1e6, toNs: 1.2e6 } });
  page.bookmarks.toggleLoop();
  const { readout } = page.state;
  if (readout === null) throw new Error('no readout');
  worked.posted.length = 0;
  page.bookmarks.passed({ ...readout, runState: 'playing', timeNs: 1.1e6 });
  expect(worked.posted).toEqual([]);
  page.bookmarks.passed({ ...readout, runState: 'playing', timeNs: 1.2e6 });
  expect(worked.posted.map(({ kind }) => kind)).toEqual(['seek', 'play']);
  page.bookmarks.toggleLoop();
  worked.posted.length = 0;
  page.bookmarks.passed({ ...readout, runState: 'playing', timeNs: 1.3e6 });
  expect(worked.posted).toEqual([]);
});
