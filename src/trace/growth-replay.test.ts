import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOfLines, type Line } from '../testing/recording-text.ts';
import { passed, reportLines, type FileReport } from './file-report.ts';
import { TraceFault } from './fault.ts';
import { replayFile } from './replay-file.ts';

const HEADER: Line = { format: 'swiotlb-growth-buddy', version: 1 };

/** Free blocks by order: those named, none of the others. */
function orders(counts: Readonly<Record<number, number>>): number[] {
  return Array.from({ length: 11 }, (_, order) => counts[order] ?? 0);
}

/** A zone DMA32 with so many unmovable blocks free. */
function zone(counts: Readonly<Record<number, number>>, changes: Line = {}): Line {
  return {
    zone: 'DMA32',
    start: 4096,
    managed: 30_000,
    min: 300,
    low: 375,
    high: 450,
    boost: 0,
    reserve: [0, 0, 0],
    highatomic: 0,
    nr_free: orders(counts),
    mt: { Unmovable: orders(counts) },
    ...changes,
  };
}

/** A sleeping attempt at order 8 that splits the only block of order 10. */
function attempt(changes: Line = {}): Line {
  return {
    what: 'tlb',
    order: 8,
    gfp: '0xcc4',
    ok: true,
    pfn: 8192,
    vm: {},
    before: [zone({ 0: 9, 10: 1 })],
    after: [zone({ 0: 9, 8: 1, 9: 1 })],
    ...changes,
  };
}

const row = (...tries: readonly Line[]): Line => ({ kind: 'trial', run: 'a', tries });

async function replay(...rows: readonly Line[]): Promise<FileReport> {
  const report = await replayFile(bytesOfLines([HEADER, ...rows]), null, 'fast');
  if ('skipped' in report) throw new Error('skipped');
  return report;
}

async function refusal(...rows: readonly Line[]): Promise<string> {
  try {
    await replay(...rows);
    return 'read';
  } catch (error) {
    if (!(error instanceof TraceFault)) throw error;
    return error.message;
  }
}

describe('a growth-buddy file', () => {
  it('is predicted from its free lists', async () => {
    const report = await replay(row(attempt(), attempt({ gfp: '0x2804' })));
    expect(passed(report)).toBe(true);
    expect(reportLines('a', report)).toEqual([
      'a: 2 decisions, 0 differ',
      'sleeping attempts: 1 of 1 predicted (100 %), at least 97.5 % needed',
      'non-sleeping attempts: 1 of 1 predicted (100 %), at least 100 % needed',
      'zone: 2 of 2 predicted (100 %), at least 98.5 % needed',
      'lists after attempts of orders 4 to 8 and 10: 2 of 2 predicted (100 %), at least 99.5 % needed',
      'without compaction, sleeping attempts: 1 of 1 predicted',
      'lists after attempts of orders 0 to 3 and 9: 0 of 0 predicted',
      '0 blocks made by compaction in as many pageblocks as the kernel looked at; their lists are not compared',
    ]);
  });

  it('passes while enough is right, and names the first that is not', async () => {
    const wrong = attempt({ ok: false, pfn: null, after: [zone({ 0: 9, 10: 1 })] });
    const good = Array.from({ length: 40 }, () => row(attempt()));
    const most = await replay(row(wrong), ...good);
    expect([most.differ, most.first]).toEqual([
      1,
      'line 2: expected none for order 8, got a block of zone DMA32',
    ]);
    expect(passed(most)).toBe(true);
    expect(passed(await replay(row(wrong), ...good.slice(0, 30)))).toBe(false);
  });

  it('fails when one non-sleeping attempt, a zone, or the lists are wrong', async () => {
    const hurried = { gfp: '0x2804' };
    const failed = { ok: false, pfn: null };
    expect(passed(await replay(row(attempt({ ...hurried, ...failed }))))).toBe(false);
    const dma = zone({ 10: 1 }, { zone: 'DMA', start: 1, managed: 3840 });
    const before = [dma, zone({ 0: 9, 10: 1 })];
    const elsewhere = await replay(row(attempt({ pfn: 1024, before, after: before })));
    expect(elsewhere.first).toBe(
      'line 2: expected a block of zone DMA for order 8, got a block of zone DMA32',
    );
    expect(passed(elsewhere)).toBe(false);
    const lists = await replay(row(attempt({ after: [zone({ 0: 9, 10: 1 })] })));
    expect(lists.first).toBe(
      'line 2: expected free blocks [9 0 0 0 0 0 0 0 0 0 1], got [9 0 0 0 0 0 0 0 1 1 0]',
    );
    expect(passed(lists)).toBe(false);
  });

  it('lets lists stay as they are where blocks come from per-CPU lists', async () => {
    const unchanged = [zone({ 0: 9, 10: 1 })];
    const report = await replay(row(attempt({ order: 3, after: unchanged })));
    expect(passed(report)).toBe(true);
    expect(report.remarks).toContain(
      'lists after attempts of orders 0 to 3 and 9: 1 of 1 predicted',
    );
  });

  it('takes compaction as far as the kernel’s scanner came', async () => {
    // Eight movable pageblocks, each with one page in use: a block of order 10 can be made.
    const counts = Array.from({ length: 11 }, (_, order) => (order < 9 ? 8 : 0));
    const riddled = zone({}, { nr_free: counts, mt: { Movable: counts } });
    const made = (scanned: number) =>
      attempt({
        order: 10,
        before: [{ ...riddled, min: 10, low: 12 }],
        after: [riddled],
        vm: { compact_migrate_scanned: scanned },
      });
    const far = await replay(row(made(1024)));
    expect(far.first).toBeNull();
    expect(far.remarks).toContain('without compaction, sleeping attempts: 0 of 1 predicted');
    expect((await replay(row(made(1000)))).first).toContain('got none');
  });

  it('is not empty, and has the rows that its header counts', async () => {
    expect((await replay()).failures).toEqual(['The file holds no attempt.']);
    const bytes = bytesOfLines([{ ...HEADER, rows: 2 }, row(attempt())]);
    const report = await replayFile(bytes, null, 'fast');
    expect('failures' in report && report.failures).toEqual([
      'The header counts 2 rows, the file has 1.',
    ]);
  });

  it.each<[string, Line, string]>([
    ['order', { order: 11 }, 'tries[0].order is 11, expected a whole number from 0 to 10.'],
    ['gfp', { gfp: 3268 }, 'tries[0].gfp is 3268, expected up to 16 hex digits behind "0x".'],
    [
      'gfp',
      { gfp: '0x80000000' },
      'tries[0].gfp is "0x80000000", expected flags below 0x80000000.',
    ],
    ['ok', { ok: 1 }, 'tries[0].ok is 1, expected true or false.'],
    [
      'pfn',
      { pfn: null },
      'tries[0].pfn is null, expected a whole number from 0 to 1099511627776.',
    ],
    ['pfn', { pfn: 8193 }, 'tries[0].pfn is 8193, expected a multiple of 256.'],
    ['pfn', { pfn: 256 }, 'tries[0].pfn is 256, expected a page of one of the zones.'],
    ['vm', { vm: [] }, 'tries[0].vm is a list of 0, expected an object.'],
    [
      'before',
      { before: [] },
      'tries[0].before is a list of 0, expected zones in ascending order.',
    ],
    [
      'before',
      { before: [zone({}), zone({})] },
      'tries[0].before is a list of 2, expected zones in ascending order.',
    ],
    [
      'after',
      { after: [zone({}, { zone: 'Normal' })] },
      'tries[0].after is a list of 1, expected the same zones as before.',
    ],
    ['before', { before: [7] }, 'tries[0].before[0] is not an object.'],
  ])('is refused for a wrong %s: %o', async (_, changes, sentence) => {
    expect(await refusal(row(attempt(changes)))).toBe(`Line 2: ${sentence}`);
  });

  it.each<[Line, string]>([
    [{ zone: 'Movable' }, 'zone is "Movable", expected DMA, DMA32, Normal.'],
    [{ start: -1 }, 'start is -1, expected a whole number from 0 to 1099511627776.'],
    [{ managed: 1e12 }, 'managed is 1000000000000, expected a whole number from 0 to 268435456.'],
    [{ boost: null }, 'boost is null, expected a whole number from 0 to 268435456.'],
    [{ reserve: [0, 0] }, 'reserve is a list of 2, expected a list of 3 whole numbers.'],
    [{ reserve: [0, null, 0] }, 'reserve is a list of 3, expected a list of 3 whole numbers.'],
    [{ nr_free: [1] }, 'nr_free is a list of 1, expected a list of 11 whole numbers.'],
    [{ mt: { Movable: [] } }, 'mt.Movable is a list of 0, expected a list of 11 whole numbers.'],
    [{ mt: { Movable: orders({}) } }, 'mt is an object, expected lists that sum up to nr_free.'],
    [
      { nr_free: orders({ 10: 5000 }), mt: { Movable: orders({ 10: 5000 }) } },
      'nr_free is a list of 11, expected at most 4194304 free pages.',
    ],
  ])('is refused for a zone with %o', async (changes, sentence) => {
    const before = [zone({ 10: 1 }, changes)];
    expect(await refusal(row(attempt({ before })))).toBe(`Line 2: tries[0].before[0].${sentence}`);
  });

  it('is refused for a row of no kind', async () => {
    expect(await refusal({ ...row(attempt()), kind: 'guess' })).toBe(
      'Line 2: kind is "guess", expected grow, trial or transient.',
    );
    expect(await refusal({ kind: 'trial' })).toBe(
      'Line 2: tries is missing, expected a list of at most 64 entries.',
    );
  });
});

/** Replaces one value somewhere inside `value`; `path` chooses which. */
function alter(value: object, path: readonly number[], replacement: unknown): void {
  const keys = Object.keys(value);
  const key = keys[(path[0] ?? 0) % Math.max(keys.length, 1)];
  if (key === undefined) return;
  const holder = value as Record<string, unknown>;
  const inner = holder[key];
  if (typeof inner === 'object' && inner !== null && path.length > 1) {
    alter(inner, path.slice(1), replacement);
  } else {
    holder[key] = replacement;
  }
}

it('a growth-buddy file altered anywhere is replayed or refused in one sentence', async () => {
  const fixture = new URL('fixtures/recordings/growth-buddy.jsonl.gz', import.meta.url);
  const rows = gunzipSync(readFileSync(fixture)).toString().trimEnd().split('\n').slice(1);
  const values = fc.oneof(
    fc.constantFrom(null, true, -1, 0, 1, 10, 11, 1e9, 2 ** 53, 1e308, '', [], {}, '__proto__'),
    fc.constantFrom('0x0', '0xcc4', '0xffffffffffffffff', '0xg', 'DMA', 'Normal'),
    fc.integer({ min: 0, max: 5000 }),
  );
  const alterations = fc.record({
    line: fc.nat(rows.length - 1),
    // Into tries, mostly, and there into zones and their lists.
    path: fc.array(fc.nat(40), { minLength: 1, maxLength: 6 }),
    value: values,
  });
  const sentences: string[] = [];
  await fc.assert(
    fc.asyncProperty(alterations, async ({ line, path, value }) => {
      const altered = JSON.parse(rows[line] ?? '{}') as Record<string, unknown>;
      if (path.length > 2) alter(altered['tries'] as object, path, value);
      else alter(altered, path, value);
      sentences.push(await refusal(altered));
    }),
    { numRuns: process.env['BOUNCESCOPE_SOAK'] === '1' ? 20_000 : 300 },
  );
  const refusals = sentences.filter((sentence) => sentence !== 'read');
  expect(refusals.length).toBeGreaterThan(30);
  expect(sentences.length - refusals.length).toBeGreaterThan(30);
  expect(refusals.filter((sentence) => !/^Line 2: [^\n]{5,300}\.$/.test(sentence))).toEqual([]);
});
