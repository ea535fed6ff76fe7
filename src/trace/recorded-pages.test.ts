import { describe, expect, it } from 'vitest';
import { checkAnswers, RecordedPages } from './recorded-pages.ts';

/** Walks the coherent pools as the model does; `reach` is the highest address the device has. */
function walk(pages: RecordedPages, bytes: number, reach: number): number {
  for (let region = 0; region < pages.coherentRegions; region++) {
    const base = pages.coherentAlloc(region, bytes);
    if (base === -1) continue;
    if (base + bytes - 1 <= reach) return base;
    pages.coherentFree(region, bytes, base, true);
  }
  return -1;
}

function pagesOf(regions: number, ...answers: unknown[]): RecordedPages {
  const pages = new RecordedPages(regions);
  pages.load(checkAnswers(answers, 1));
  return pages;
}

describe('RecordedPages', () => {
  const rejected = ['cr', 4096, 2, 0x5000_0000];
  const exhausted = ['ca', 4096, 99, -1];
  const walks: [what: string, regions: number, answers: unknown[]][] = [
    ['no region has room', 3, [exhausted]],
    ['the last region lies out of reach', 3, [rejected, exhausted]],
    ['the last region lies out of reach and nothing more is told', 3, [rejected]],
    ['all lie out of reach', 2, [['cr', 4096, 0, 4096], ['cr', 4096, 1, 8192], exhausted]],
    ['there is one region', 1, [exhausted]],
  ];
  it.each(walks)('answers a walk in which %s', (_, regions, answers) => {
    const pages = pagesOf(regions, ...answers);
    expect(walk(pages, 4096, 100)).toBe(-1);
    pages.settle();
    expect(pages.mismatch).toBeNull();
  });

  it('notes a walk over another size', () => {
    const pages = pagesOf(3, rejected, ['ca', 8192, 99, -1]);
    walk(pages, 4096, 100);
    expect(pages.mismatch).toEqual({ expected: 'page request ca 8192 99 -1', got: 'ca 4096' });
  });
});
