import { beforeEach, describe, expect, it } from 'vitest';
import type { LinkEvents, PlainReport } from '../worker/client.ts';
import type { Command } from '../worker/protocol.ts';
import { Page } from './page.ts';

describe('Writes', () => {
  const posted: Command[] = [];
  let link: LinkEvents | null = null;
  let page = new Page(() => ({ post: () => undefined, close: () => undefined }));
  const say = (report: PlainReport) => link?.message(report);
  beforeEach(() => {
    posted.length = 0;
    page = new Page((events) => {
      link = events;
      return { post: (command) => posted.push(command), close: () => undefined };
    });
    page.client.open();
  });

  it('gives each answer to whoever asked, in whatever order they come', async () => {
    const [one, two] = [page.writes.ask('a', '1'), page.writes.ask('b', '2')];
    expect(posted).toEqual([
      { kind: 'write', id: 1, file: 'a', text: '1' },
      { kind: 'write', id: 2, file: 'b', text: '2' },
    ]);
    say({ kind: 'written', id: 2, sentence: null });
    say({ kind: 'written', id: 1, sentence: 'sh: write error: Invalid argument' });
    await expect(two).resolves.toBeNull();
    await expect(one).resolves.toBe('sh: write error: Invalid argument');
    expect(page.state.notices).toEqual([]);
  });

  it('takes a refusal as the answer to the oldest write, and else as news for all', async () => {
    const one = page.writes.ask('a', '1');
    say({ kind: 'refused', command: 'write', sentence: 'Nothing is loaded.' });
    await expect(one).resolves.toBe('Nothing is loaded.');
    say({ kind: 'refused', command: 'write', sentence: 'Nothing is loaded.' });
    expect(page.state.notices.map(({ text }) => text)).toEqual(['Nothing is loaded.']);
  });

  it('answers itself when the worker dies', async () => {
    const one = page.writes.ask('a', '1');
    link?.crash('boom');
    await expect(one).resolves.toMatch(/the simulation stopped before it answered$/);
  });
});
