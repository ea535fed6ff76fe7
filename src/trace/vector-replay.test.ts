import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { FileReport } from './file-report.ts';
import { replayFile } from './replay-file.ts';

const textOf = (name: string) =>
  gunzipSync(readFileSync(new URL(`./fixtures/vectors/${name}`, import.meta.url)))
    .toString()
    .trimEnd()
    .split('\n');

type Op = unknown[];

/** The header without what it announces, for files of a few lines. */
const short = (header = '') => header.replace(/"(ops|fails|cases|prefillOps)":\d+,?/g, '');

/** Replays the first lines of a vector file after changing one of them. */
async function replayAltered(
  name: string,
  isTarget: (op: Op) => boolean,
  alter: (op: Op) => void,
): Promise<{ line: number; report: FileReport }> {
  const lines = textOf(name);
  const index = lines.findIndex((text, at) => at > 0 && isTarget(JSON.parse(text) as Op));
  expect(index).toBeGreaterThan(0);
  const op = JSON.parse(lines[index] ?? '') as Op;
  alter(op);
  lines[index] = JSON.stringify(op);
  lines[0] = short(lines[0]);
  const bytes = new TextEncoder().encode(lines.slice(0, index + 1).join('\n'));
  const report = await replayFile(bytes, null, 'fast');
  if ('skipped' in report) throw new Error('skipped');
  return { line: index + 1, report };
}

const bump = (at: number) => (op: Op) => {
  op[at] = Number(op[at]) + 1;
};
const extraOf = (op: Op) => op.at(-1) as Record<string, unknown>;
const has = (kind: string, field: string) => (op: Op) =>
  op[0] === kind && typeof op.at(-1) === 'object' && field in extraOf(op);
const set = (field: string, value: unknown) => (op: Op) => {
  extraOf(op)[field] = value;
};
const isHash = (op: Op) => op[0] === 'd';
const isDump = (op: Op) => op[0] === 'D';
const isMap = (op: Op) => op[0] === 'm' && op[6] !== -1;

describe('an altered line of a vector is caught', () => {
  const operations: [
    what: string,
    file: string,
    isTarget: (op: Op) => boolean,
    alter: (op: Op) => void,
    sentence: string,
  ][] = [
    ['address of a map', 'd2-a.jsonl.gz', isMap, bump(6), 'address'],
    ['pool of a map', 'd6-a.jsonl.gz', isMap, bump(7), 'pool'],
    ['slot of a map', 'd2-a.jsonl.gz', isMap, bump(8), 'slot'],
    ['slots of a map', 'd2-a.jsonl.gz', isMap, bump(9), 'slots taken'],
    ['padding of a map', 'd2-a.jsonl.gz', isMap, bump(10), 'padding slots'],
    ['warning', 'd2-a.jsonl.gz', has('m', 'once'), set('once', 0), 'one-time warnings'],
    ['warning of reach', 'd5-a.jsonl.gz', has('M', 'once'), set('once', 0), 'one-time warnings'],
    ['kick', 'd5-a.jsonl.gz', has('m', 'kick'), set('kick', 0), 'growth worker queued'],
    ['transient pool', 'd5-a.jsonl.gz', has('m', 'T'), set('T', [1, 2, 3]), 'pool start'],
    ['no transient pool', 'd5-a.jsonl.gz', has('m', 'T'), set('T', undefined), 'transient pool'],
    [
      'end of a pool',
      'd5-a.jsonl.gz',
      has('u', 'gone'),
      set('gone', 99),
      'transient pool destroyed',
    ],
    [
      'request of pages',
      'd5-a.jsonl.gz',
      has('m', 'ev'),
      set('ev', [['a', 9, 4, 16777216]]),
      'page request a 9 4',
    ],
    [
      'zone of pages',
      'd5-a.jsonl.gz',
      has('m', 'ev'),
      set('ev', [['a', 4, 0, 16777216]]),
      'page request a 4 0',
    ],
    [
      'surplus request',
      'd5-a.jsonl.gz',
      has('w', 'ev'),
      (op) => {
        extraOf(op)['ev'] = [...(extraOf(op)['ev'] as unknown[]), ['f', 1, 2]];
      },
      'page request f 1 2, got no further request',
    ],
    [
      'coherent memory',
      'd5x-a.jsonl.gz',
      (op) => JSON.stringify(op).includes('"ca",65536,1'),
      (op) => {
        extraOf(op)['ev'] = [['ca', 65535, 1, 805306368]];
      },
      'page request ca 65535',
    ],
    [
      'worker result',
      'd5-a.jsonl.gz',
      (op) => op[0] === 'w' && Number(op[1]) > 0,
      bump(3),
      'pool slots',
    ],
    [
      'areas of a grown pool',
      'd5-a.jsonl.gz',
      (op) => op[0] === 'w' && Number(op[1]) > 0,
      bump(4),
      'pool areas',
    ],
    ['idle worker', 'd5any-a.jsonl.gz', (op) => op[0] === 'w' && op[1] === -2, bump(1), 'worker'],
    ['page allocation', 'd6-a.jsonl.gz', (op) => op[0] === 'A' && op[4] !== -1, bump(6), 'slot'],
    ['copy', 'd2-a.jsonl.gz', (op) => op[0] === 's' && op[6] !== -1, bump(8), 'bytes copied'],
    [
      'source of a copy',
      'd2-a.jsonl.gz',
      (op) => op[0] === 's' && op[6] !== -1,
      bump(7),
      'copy from',
    ],
    [
      'target of a copy',
      'd2-a.jsonl.gz',
      (op) => op[0] === 's' && op[6] !== -1,
      bump(6),
      'copy to',
    ],
    ['no copy', 'd4-a.jsonl.gz', (op) => op[0] === 's' && op[6] === -1, bump(8), 'copy'],
    [
      'overflow warning',
      'd2-a.jsonl.gz',
      (op) => op[0] === 's' && op[9] === 1,
      bump(9),
      'overflow warned',
    ],
    ['pool of an address', 'd5-a.jsonl.gz', (op) => op[0] === 'x', bump(3), 'pool of the address'],
  ];
  it.each(operations)('%s', async (_, file, isTarget, alter, sentence) => {
    const { line, report } = await replayAltered(file, isTarget, alter);
    expect(report.differ).toBe(1);
    expect(report.first).toContain(`line ${line}: expected ${sentence}`);
  });

  const checks: [what: string, file: string, kind: string, at: number, sentence: string][] = [
    ['use', 'd1-a.jsonl.gz', 'c', 2, 'io_tlb_used'],
    ['high-water mark', 'd1-a.jsonl.gz', 'c', 3, 'io_tlb_used_hiwater'],
    ['transient slots', 'd5-a.jsonl.gz', 'c', 4, 'io_tlb_transient_nslabs'],
    ['slots', 'd5-a.jsonl.gz', 'c', 5, 'io_tlb_nslabs'],
    ['list hash', 'd1-a.jsonl.gz', 'd', 2, 'hash of list'],
    ['alloc_size hash', 'd1-a.jsonl.gz', 'd', 3, 'hash of alloc_size'],
    ['orig_addr hash', 'd1-a.jsonl.gz', 'd', 4, 'hash of orig_addr'],
    ['pad_slots hash', 'd2-a.jsonl.gz', 'd', 5, 'hash of pad_slots'],
  ];
  it.each(checks)('counter or hash: %s', async (_, file, kind, at, sentence) => {
    const { line, report } = await replayAltered(file, (op) => op[0] === kind, bump(at));
    expect(report.differ).toBe(0);
    expect(report.failures).toHaveLength(1);
    expect(report.failures[0]).toContain(`line ${line}: expected ${sentence} `);
  });

  it('area use, area index and a dump of every slot', async () => {
    const use = await replayAltered('d3-a.jsonl.gz', isHash, (op) => bump(0)(op[6] as Op));
    expect(use.report.failures[0]).toContain('expected area use [480,588,538,482]');
    const index = await replayAltered('d3-a.jsonl.gz', isHash, (op) => bump(1)(op[7] as Op));
    expect(index.report.failures[0]).toContain('expected area index [944,234,766,160]');
    const dump = await replayAltered('d4-a.jsonl.gz', isDump, (op) => bump(7)(op[1 + 1] as Op));
    expect(dump.report.failures[0]).toContain('expected list of slot 7 1, got 0');
  });

  it('what booting came to', async () => {
    const [header = '', ...rest] = textOf('d3y-a.jsonl.gz').slice(0, 20);
    const altered = short(header).replace('"defaultNareas":8', '"defaultNareas":16');
    const bytes = new TextEncoder().encode([altered, ...rest].join('\n'));
    const report = await replayFile(bytes, null, 'fast');
    expect(report).toMatchObject({ failures: ['line 1: expected default_nareas 16, got 8'] });
  });
});

describe('vectors of other kinds', () => {
  it('catch an altered slot and altered final hashes of d7', async () => {
    const [header = '', ...rows] = textOf('d7-a.csv.gz');
    const at = rows.findIndex((row) => row.startsWith('m,'));
    rows[at] = (rows[at] ?? '').replace(/\d+$/, '5');
    const altered = [short(header).replace('"hash":[', '"hash":[7,'), ...rows.slice(0, 50)];
    const bytes = new TextEncoder().encode(
      altered.join('\n').replace(/,\d+\],"areaUsed"/, '],"areaUsed"'),
    );
    const report = await replayFile(bytes, null, 'fast');
    expect(report).toMatchObject({
      differ: 1,
      first: `line ${at + 2}: expected slot 5, got 376832`,
    });
    expect('failures' in report && report.failures[2]).toContain('expected hash of list 7');
  });

  it('catch every altered field of a boot case', async () => {
    const [header = '', first = ''] = textOf('d8-a.jsonl.gz');
    const out = (JSON.parse(first) as { out: Record<string, unknown> }).out;
    for (const name of Object.keys(out)) {
      const given = JSON.parse(first) as { out: Record<string, unknown> };
      const value = given.out[name];
      given.out[name] = Array.isArray(value)
        ? [...value.slice(0, -1), [1, 2]]
        : value === 1
          ? 0
          : Number(value) + 1;
      if (name === 'grow') given.out[name] = null;
      const bytes = new TextEncoder().encode(`${short(header)}\n${JSON.stringify(given)}`);
      const report = await replayFile(bytes, null, 'fast');
      expect({ name, ...report }).toMatchObject({ name, decisions: 1, differ: 1 });
    }
  });

  it('have a sentence for what no kernel does', async () => {
    const [header = ''] = textOf('d1-a.jsonl.gz');
    const replay = (line: string) =>
      replayFile(new TextEncoder().encode(`${header}\n${line}`), null, 'fast');
    await expect(replay('["m",0,0,4096,0,0,-1]')).rejects.toThrow('Line 2: entry 4 is 0, expected');
    await expect(replay('["q"]')).rejects.toThrow('Line 2: entry 0 is "q", expected the letter');
    await expect(replay('["m",9,0,4096,1,0,-1]')).rejects.toThrow('Line 2: entry 1 is 9');
    await expect(replay('["m",0,"x"]')).rejects.toThrow('Line 2: entry 5 is missing');
    await expect(replay('{}')).rejects.toThrow('Line 2 is not a list in brackets.');
  });
});
