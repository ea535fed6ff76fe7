import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { replayMain } from './replay-main.ts';

const folder = (name: string) => new URL(`./fixtures/${name}/`, import.meta.url);

/** Replays one fixture as the command line does. */
async function replay(where: URL, name: string): Promise<{ status: number; lines: string[] }> {
  const names = new Set(readdirSync(where));
  const lines: string[] = [];
  const status = await replayMain([name], {
    readFile: (path) => Promise.resolve(readFileSync(new URL(path, where))),
    exists: (path) => names.has(path),
    print: (line) => lines.push(line),
  });
  return { status, lines };
}

function files(where: URL): string[] {
  return readdirSync(where).filter((name) => name.endsWith('.gz'));
}

describe("the kernel's own decisions", () => {
  const where = folder('vectors');
  it('are all here', () => {
    expect(files(where)).toHaveLength(17);
  });
  it.each(files(where))('%s: every line agrees', async (name) => {
    const { status, lines } = await replay(where, name);
    expect(lines[0]).toMatch(/^\S+: [1-9]\d+ decisions, 0 differ$/);
    expect(lines.slice(1)).toEqual(['1 passed, 0 failed']);
    expect(status).toBe(0);
  });
});

describe('recordings of a running kernel', () => {
  const where = folder('recordings');
  const exact = files(where).filter((name) => !/^(recipe|growth)/.test(name));
  it('are all here', () => {
    expect(exact).toHaveLength(31);
  });
  it.each(exact)('%s: every map, lock, unmap and the end agree', async (name) => {
    const { status, lines } = await replay(where, name);
    expect(lines[0]).toMatch(/^\S+: [1-9]\d+ decisions, 0 differ$/);
    expect(lines.at(-1)).toBe('1 passed, 0 failed');
    expect(status).toBe(0);
  });

  it('recipe-1cpu begins mid-life and ends early: predicted, but no proof', async () => {
    const { status, lines } = await replay(where, 'recipe-1cpu.jsonl.gz');
    expect(lines[0]).toBe('recipe-1cpu.jsonl.gz: 1930 decisions, 0 differ');
    expect(lines).toContain('0 adopted');
    expect(lines.at(-1)).toBe('0 passed, 1 failed');
    expect(status).toBe(1);
  });

  it('plain-small512-1cpu has no masks: they are read off the decisions', async () => {
    const { lines } = await replay(where, 'plain-small512-1cpu.jsonl.gz');
    expect(lines).toContain('min_align_mask of 0000:00:02.0 inferred: 4095');
    expect(lines).toContain('min_align_mask of 0000:00:03.0 inferred: 0');
  });

  it('growth-buddy: the page allocator is predicted from its free lists, at the rates needed', async () => {
    const { status, lines } = await replay(where, 'growth-buddy.jsonl.gz');
    expect(lines).toEqual([
      'growth-buddy.jsonl.gz: 1098 decisions, 0 differ',
      'sleeping attempts: 446 of 446 predicted (100 %), at least 97.5 % needed',
      'non-sleeping attempts: 652 of 652 predicted (100 %), at least 100 % needed',
      'zone: 1056 of 1056 predicted (100 %), at least 98.5 % needed',
      'lists after attempts of orders 4 to 8 and 10: 471 of 471 predicted (100 %), at least 99.5 % needed',
      'without compaction, sleeping attempts: 437 of 446 predicted',
      'lists after attempts of orders 0 to 3 and 9: 500 of 576 predicted',
      '9 blocks made by compaction in as many pageblocks as the kernel looked at; their lists are not compared',
      '1 passed, 0 failed',
    ]);
    expect(status).toBe(0);
  });
});
