import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TraceFault } from './fault.ts';
import { passed, type FileReport } from './file-report.ts';
import { replayFile } from './replay-file.ts';

type Json = Record<string, unknown>;

const SENTENCE = /^Line \d+[^\n]{5,300}\.$/;

const linesOf = (name: string) =>
  gunzipSync(readFileSync(new URL(`./fixtures/vectors/${name}`, import.meta.url)))
    .toString()
    .trimEnd()
    .split('\n');
const [D1 = '', ...D1_OPS] = linesOf('d1-a.jsonl.gz');
const D5X = linesOf('d5x-a.jsonl.gz');
const [D6 = '', ...D6_OPS] = linesOf('d6-a.jsonl.gz');
const D7 = linesOf('d7-a.csv.gz');
const D8 = linesOf('d8-a.jsonl.gz');

async function replay(lines: readonly string[]): Promise<FileReport> {
  const report = await replayFile(new TextEncoder().encode(lines.join('\n')), null, 'fast');
  if ('skipped' in report) throw new Error('skipped');
  return report;
}

/** A header with changes, by default without what it announces. */
function changed(header: string, changes: Json): string {
  const { ops: _ops, fails: _fails, cases: _cases, ...rest } = JSON.parse(header) as Json;
  return JSON.stringify({ ...rest, ...changes });
}

function inner(header: string, name: string, changes: Json): string {
  const object = (JSON.parse(header) as Record<string, Json>)[name];
  return changed(header, { [name]: { ...object, ...changes } });
}

/** The sentence that refuses the file; empty when it is replayed. */
const refusalOf = (lines: readonly string[]): Promise<string> =>
  replay(lines).then(
    () => '',
    (error: unknown) => {
      if (error instanceof TraceFault) return error.message;
      throw error;
    },
  );

describe('what a header announces', () => {
  const files: [name: string, lines: string[], sentences: string[]][] = [
    [
      'swiotlb-trace/1',
      [D1, ...D1_OPS.slice(0, 100)],
      [
        'The header counts 24411 ops, the file has 100.',
        'The header counts 1557 fails, the file has 0.',
      ],
    ],
    [
      'swiotlb-placement-csv/1',
      D7.slice(0, 100),
      [
        'The header counts 204789 ops, the file has 99.',
        'The header counts 79 fails, the file has 0.',
      ],
    ],
    ['swiotlb-init-table/1', D8.slice(0, 5), ['The header counts 435 cases, the file has 4.']],
  ];
  it.each(files)('fails a file of %s that was cut off', async (_, lines, sentences) => {
    const report = await replay(lines);
    expect(report.differ).toBe(0);
    expect(report.failures).toEqual(expect.arrayContaining(sentences));
  });

  it('holds for failed maps altered into others', async () => {
    const header = changed(D1, { ops: 1, fails: 1 });
    const report = await replay([header, D1_OPS[0] ?? '']);
    expect(report.failures).toEqual(['The header counts 1 fails, the file has 0.']);
    expect(passed(report)).toBe(false);
  });
});

const counters = (extra: string) => `["c",0,0,0,0,32768,${extra}]`;
const deep = (text: string) => text.replace('@', `${'['.repeat(2e5)}${']'.repeat(2e5)}`);

describe('a hostile line', () => {
  const header = changed(D1, {});
  const lines: [line: string, sentence: string][] = [
    ['[{"toString":1,"valueOf":1}]', 'Line 2: entry 0 is an object, expected the letter of'],
    ['[]', 'Line 2: entry 0 is missing, expected the letter of'],
    ['[["m"],0]', 'Line 2: entry 0 is a list of 1'],
    [counters('{"ev":"abc"}'), 'Line 2: ev is "abc", expected a list'],
    [counters('{"ev":5}'), 'Line 2: ev is 5, expected a list'],
    [counters('{"ev":[5]}'), 'Line 2: ev[0] is 5, expected an answer'],
    [counters('{"ev":[["zz",1]]}'), 'Line 2: ev[0] is a list of 2, expected an answer'],
    [counters('{"ev":[["a",1,2,4097]]}'), 'Line 2: ev[0] is a list of 4, expected an answer'],
    [counters('{"T":5}'), 'Line 2: T is 5, expected a list of at most 4 whole numbers'],
    [counters('{"T":[{}]}'), 'Line 2: T is a list of 1'],
    [counters('{"kick":"x"}'), 'Line 2: kick is "x", expected a whole number'],
    [counters('{"once":{"valueOf":1}}'), 'Line 2: once is an object'],
    [counters('{"gone":1.5}'), 'Line 2: gone is 1.5'],
    [deep('["m",@]'), 'Line 2: entry'],
    [deep('[@]'), 'Line 2: entry 0 is a list of 1'],
    [deep('["s",0,0,1,0,1,@,0,0,0]'), 'Line 2: entry 6 is a list of 1'],
    [deep('["d",0,1,2,3,4,@,[]]'), 'Line 2: entry 6 is a list of 1'],
    ['["m",0,0,-1,100,0,-1]', 'entry 3 is -1, expected a whole number from 0 to'],
    ['["m",0,0,4503599627370496,100,0,-1]', 'entry 3 is 4503599627370496'],
    ['["m",0,0,8192.5,100,0,-1]', 'entry 3 is 8192.5'],
    ['["m",0,0,8192,100.5,0,-1]', 'entry 4 is 100.5, expected a whole number from 1'],
    ['["m",0,0,8192,-5,0,-1]', 'entry 4 is -5'],
    ['["m",0,-1,8192,100,0,-1]', 'entry 2 is -1'],
    ['["m",-1,0,8192,100,0,-1]', 'entry 1 is -1, expected a device of the header'],
    ['["m",0.5,0,8192,100,0,-1]', 'entry 1 is 0.5'],
    ['["m",0,0,8192,100,6000,-1]', 'entry 5 is 6000, expected a mask of the form 2^k - 1'],
    ['["c",9,0,0,0,0]', 'entry 1 is 9, expected an allocator of the header'],
    ['["h",9]', 'entry 1 is 9, expected an allocator of the header'],
  ];
  it.each(lines)('%.40s is refused in one sentence', async (line, sentence) => {
    expect(await refusalOf([header, line])).toContain(sentence);
  });

  it('of a placement table is refused too', async () => {
    const rows = ['m,,,,,', 'm,0,0,0,0,-1', 'm,0,-1,0,1,-1', 'm,0.5,0,0,1,-1', 'u,-1', 'm,0,0,0,1'];
    for (const row of rows) expect(await refusalOf([CSV, row])).toMatch(/^Line 2 is "/);
    expect(await refusalOf([CSV, 'm,9,0,0,1,-1'])).toBe('Line 2: device 9 is missing.');
  });
});

describe('a hostile header', () => {
  const builds: [name: string, value: unknown][] = [
    ['DEBUG_FS', false],
    ['ZONE_DMA', false],
    ['ZONE_DMA32', 'yes'],
    ['PAGE_SHIFT', 14],
    ['MAX_PAGE_ORDER', 11],
    ['zone_dma_limit', 2 ** 30 - 1],
  ];
  it.each(builds)('of a build with another %s is refused', async (name, value) => {
    const sentence = await refusalOf([inner(D1, 'config', { [name]: value }), D1_OPS[0] ?? '']);
    expect(sentence).toMatch(/^Line 1: config\.\w+ is .*, the only build modelled\.$/);
    expect(sentence).toContain(`config.${name} is`);
  });

  it('cannot ask for a pool larger than is replayed', async () => {
    const init = (JSON.parse(D1) as Record<string, Json>)['init'];
    const result = { ...(init?.['result'] as Json), ev: [['mb', 1, 1, 4096]] };
    const header = inner(D1, 'init', { param: '1073741824', result });
    expect(await refusalOf([header])).toContain(
      'Line 1: init.param is "1073741824", expected a pool of at most 8388608',
    );
  });
});

/** Replaces one value somewhere inside; `path` chooses which. */
function alter(value: object, path: readonly number[], replacement: unknown): void {
  const keys = Object.keys(value);
  const key = keys[(path[0] ?? 0) % Math.max(keys.length, 1)];
  if (key === undefined) return;
  const holder = value as Json;
  const within = holder[key];
  if (typeof within === 'object' && within !== null && path.length > 1) {
    alter(within, path.slice(1), replacement);
  } else holder[key] = replacement;
}

describe('the three vector formats, altered anywhere', () => {
  const files = [
    [changed(D1, {}), ...D1_OPS.slice(0, 60)],
    [changed(D5X[0] ?? '', {}), ...D5X.slice(1, 140)],
    [changed(D6, {}), ...D6_OPS.slice(0, 60)],
    [changed(D8[0] ?? '', {}), ...D8.slice(1, 40)],
  ];
  const values = fc.oneof(
    fc.constantFrom(null, true, -1, 0, 1, 0.5, 4095, 1e9, 2 ** 52, 2 ** 53, 1e308, '', 'm', [], {}),
    fc.constantFrom('0x0', '0xffffffffffffffff', [[]], [5], { ev: 5 }, { toString: 1, valueOf: 1 }),
    fc.integer({ min: -5, max: 5000 }),
  );

  it('are replayed or refused in one sentence', async () => {
    const alteration = fc.record({
      file: fc.nat(files.length - 1),
      line: fc.oneof(fc.constant(0), fc.nat(139)),
      path: fc.array(fc.nat(40), { minLength: 3, maxLength: 3 }),
      value: values,
    });
    let replayed = 0;
    const refusals: string[] = [];
    await fc.assert(
      fc.asyncProperty(alteration, async ({ file, line, path, value }) => {
        const texts = [...(files[file] ?? [])];
        const at = line % texts.length;
        const object = JSON.parse(texts[at] ?? '') as object;
        alter(object, path, value);
        texts[at] = JSON.stringify(object);
        const refusal = await refusalOf(texts);
        if (refusal === '') replayed++;
        else refusals.push(refusal);
      }),
      { numRuns: process.env['BOUNCESCOPE_SOAK'] === '1' ? 50_000 : 400 },
    );
    expect(replayed).toBeGreaterThan(10);
    expect(refusals.length).toBeGreaterThan(10);
    expect(refusals.filter((text) => !SENTENCE.test(text))).toEqual([]);
  }, 60_000);

  it('cut or altered in rows of text', async () => {
    const header = changed(D1, {});
    const refusals: string[] = [];
    const rows = fc.array(fc.constantFrom(...'mu,-0123456789.x"[]{} e'.split('')), {
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(rows, fc.boolean(), async (cells, isCsv) => {
        const lines = isCsv ? [CSV, 'm,0,0,0,1,0', cells.join('')] : [header, cells.join('')];
        refusals.push(await refusalOf(lines));
      }),
      { numRuns: 150 },
    );
    expect(refusals.filter((text) => text !== '' && !SENTENCE.test(text))).toEqual([]);
  }, 60_000);
});

/** A placement table of a pool small enough to be drawn again and again. */
const CSV = changed(D6, {
  format: 'swiotlb-placement-csv/1',
  final: { used: 0, hiwater: 0, hash: [], areaUsed: [], areaIndex: [] },
});

describe('allocators of restricted devices', () => {
  it('go by the number of the file, in whatever order devices name them', async () => {
    const devices = (JSON.parse(D6) as { devices: Json[] }).devices;
    const order = [2, 0, 1, 3];
    const place = order.map((_, at) => order.indexOf(at));
    const permuted = changed(D6, { devices: order.map((at, id) => ({ ...devices[at], id })) });
    const ops = D6_OPS.map((line) => {
      const op = JSON.parse(line) as unknown[];
      if ('mMAx'.includes(String(op[0]))) op[1] = place[Number(op[1])];
      return JSON.stringify(op);
    });
    expect(await replay([permuted, ...ops])).toMatchObject({ differ: 0, failures: [] });
  });
});

it('does not warn of a wide alignment where there is no pool', async () => {
  const init = (JSON.parse(D1) as Record<string, Json>)['init'];
  const result = { ...(init?.['result'] as Json), nslabs: 0, ev: [['mb', 67_108_864, 1, -1]] };
  const header = changed(D1, { pools: [], devices: [device(D1)], init: { ...init, result } });
  const report = await replay([header, '["m",0,0,8192,100,8191,-1]']);
  expect(report).toMatchObject({ differ: 0 });
});

/** The first device of a header, without what it says of the pool. */
function device(header: string): Json {
  const [{ maxMapping: _maxMapping, ...rest } = {}] = (JSON.parse(header) as { devices: Json[] })
    .devices;
  return rest;
}

it('fails a dump with more slots than the pool has', async () => {
  const header = changed(D1, {});
  const lists = Array.from({ length: 32_768 }, (_, slot) => 128 - (slot % 128));
  const good = await replay([header, JSON.stringify(['D', 0, lists])]);
  expect(good.failures).toEqual([]);
  const long = await replay([header, JSON.stringify(['D', 0, [...lists, 1]])]);
  expect(long.failures).toEqual(['line 2: expected a list of slots 32769, got 32768']);
});
