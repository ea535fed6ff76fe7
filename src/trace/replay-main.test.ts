import { describe, expect, it } from 'vitest';
import { bytesOfLines, headerLine, mapLine, type Line } from '../testing/recording-text.ts';
import { replayMain } from './replay-main.ts';

const MAP = mapLine(1, 0, [[2, 0.002, 0, 0, 0]]);

/** Runs the command over files that exist in memory only. */
async function run(paths: readonly string[], files: Readonly<Record<string, readonly Line[]>>) {
  const lines: string[] = [];
  const status = await replayMain(paths, {
    readFile: (path) => {
      const file = files[path];
      return file ? Promise.resolve(bytesOfLines(file)) : Promise.reject(new Error('ENOENT'));
    },
    exists: (path) => path in files,
    print: (line) => lines.push(line),
  });
  return { status, lines };
}

const endTable = (used: number, slots: readonly unknown[]) => [
  {
    base: '0x3e000000',
    nslabs: 256,
    areas: [
      { used, index: 1 },
      { used: 0, index: 0 },
    ],
    slots,
    total_used: used,
    used_hiwater: 1,
  },
];
const TAKEN = [0, 0, 2048, 0, '0x100000000'];

describe('replayMain', () => {
  it('prints a line a file and the sum, and succeeds', async () => {
    const file = [headerLine(), MAP];
    expect(
      await run(['some/where/a.jsonl', 'b.jsonl.gz'], {
        'some/where/a.jsonl': file,
        'b.jsonl.gz': file,
      }),
    ).toEqual({
      status: 0,
      lines: [
        'a.jsonl: 1 decisions, 0 differ',
        'b.jsonl.gz: 1 decisions, 0 differ',
        '2 passed, 0 failed',
      ],
    });
  });

  it('prints the first difference under its file, and fails', async () => {
    const altered = [
      headerLine(),
      MAP,
      mapLine(3, 5, [[4, 0, 0, 1, 1]]),
      mapLine(5, 9, [[6, 0, 0, 9, 2]]),
    ];
    expect(await run(['a.jsonl'], { 'a.jsonl': altered })).toEqual({
      status: 1,
      lines: [
        'a.jsonl: 3 decisions, 2 differ',
        'line 3: expected slot 5 (0x3e002800), got slot 1 (0x3e000800)',
        '0 passed, 1 failed',
      ],
    });
  });

  it('goes on after a file that cannot be read; that status wins', async () => {
    const { status, lines } = await run(['no.jsonl', 'bad.jsonl', 'a.jsonl', 'b.jsonl'], {
      'bad.jsonl': [{ format: 'png' }],
      'a.jsonl': [headerLine(), MAP],
      'b.jsonl': [headerLine({ end: { used: 7, hiwater: 1 } }), MAP],
    });
    expect(status).toBe(2);
    expect(lines).toEqual([
      'no.jsonl: There is no such file.',
      expect.stringMatching(/^bad\.jsonl: Line 1: format is "png", expected swiotlb-trace, /),
      'a.jsonl: 1 decisions, 0 differ',
      'b.jsonl: 1 decisions, 0 differ',
      'io_tlb_used at the end: expected 7, got 1',
      '1 passed, 3 failed',
    ]);
  });

  it('goes on after a file that breaks the program, in one sentence each', async () => {
    const lines: string[] = [];
    const broken = new Proxy(bytesOfLines([headerLine(), MAP]), {
      get(bytes, name) {
        if (name === 'length') throw new TypeError('this\nis broken');
        return Reflect.get(bytes, name) as unknown;
      },
    });
    const status = await replayMain(['a.jsonl', 'b.jsonl'], {
      readFile: (path) =>
        Promise.resolve(path === 'a.jsonl' ? broken : bytesOfLines([headerLine(), MAP])),
      exists: (path) => path.endsWith('.jsonl'),
      print: (line) => lines.push(line),
    });
    expect(status).toBe(2);
    expect(lines).toEqual([
      'a.jsonl: The program failed: TypeError: this is broken.',
      'b.jsonl: 1 decisions, 0 differ',
      '1 passed, 1 failed',
    ]);
  });

  it('compares the end table that lies beside a recording', async () => {
    const recording = [headerLine(), MAP];
    const good = { 'a.jsonl': recording, 'a.slots-end.json': endTable(1, [TAKEN]) };
    expect((await run(['a.jsonl'], good)).status).toBe(0);
    const bad = { 'a.jsonl': recording, 'a.slots-end.json': endTable(1, [[0, 0, 2048, 0, null]]) };
    const { status, lines } = await run(['a.jsonl'], bad);
    expect(status).toBe(1);
    expect(lines[1]).toBe(
      'end table: 1 slots differ, slot 0: expected list 0, alloc_size 2048, pad_slots 0, orig none, got list 0, alloc_size 2048, pad_slots 0, orig 0x100000000',
    );
    const used = { 'a.jsonl': recording, 'a.slots-end.json': endTable(3, [TAKEN]) };
    expect((await run(['a.jsonl'], used)).lines).toContain(
      'end table: area 0, used: expected 3, got 1',
    );
  });

  it('fails when the end table tells of fewer areas, or more', async () => {
    const areas = [
      { used: 1, index: 1 },
      { used: 0, index: 0 },
      { used: 0, index: 0 },
    ];
    for (const count of [0, 1, 3]) {
      const table = [{ ...endTable(1, [TAKEN])[0], areas: areas.slice(0, count) }];
      const files = { 'a.jsonl': [headerLine(), MAP], 'a.slots-end.json': table };
      const { status, lines } = await run(['a.jsonl'], files);
      expect(status).toBe(1);
      expect(lines).toContain(`end table: areas: expected ${count}, got 2`);
    }
  });

  it('has a sentence for an end table that is none', async () => {
    const files = { 'a.jsonl': [headerLine(), MAP], 'a.slots-end.json': [{ base: 1 }] };
    const { status, lines } = await run(['a.jsonl'], files);
    expect(status).toBe(2);
    expect(lines[0]).toBe(
      'a.jsonl: Line 1: end table nslabs is missing, expected a whole number from 1 to 8388608.',
    );
  });

  it('passes over end tables', async () => {
    const files = { 'a.slots-end.json': endTable(0, []) };
    expect(await run(Object.keys(files), files)).toEqual({
      status: 0,
      lines: ['a.slots-end.json: skipped, end table of a recording', '0 passed, 0 failed'],
    });
  });

  it('takes a moved hint for what it is when a failed map was tried again later', async () => {
    const failed = mapLine(
      3,
      null,
      [
        [4, 0, 0, 1, 1],
        [5, 0, 1, 0, 0],
      ],
      { size: 300_000 },
    );
    const moved = [
      {
        ...endTable(1, [TAKEN])[0],
        areas: [
          { used: 1, index: 9 },
          { used: 0, index: 0 },
        ],
      },
    ];
    const { status, lines } = await run(['a.jsonl'], {
      'a.jsonl': [headerLine(), MAP, failed],
      'a.slots-end.json': moved,
    });
    expect(lines[1]).toBe(
      'end table: area 0, index: expected 9, got 1; the last map failed and was tried again after the recording',
    );
    expect(status).toBe(0);
    const other = [
      {
        ...endTable(1, [TAKEN])[0],
        areas: [
          { used: 1, index: 1 },
          { used: 0, index: 5 },
        ],
      },
    ];
    const oneArea = mapLine(3, null, [[4, 0, 0, 1, 1]], { size: 300_000 });
    const unsearched = await run(['a.jsonl'], {
      'a.jsonl': [
        headerLine({ pool: { base: '0x3e000000', nslabs: 256, areas: 2 } }),
        MAP,
        oneArea,
      ],
      'a.slots-end.json': other,
    });
    expect(unsearched.status).toBe(1);
    expect(unsearched.lines).toContain('end table: area 1, index: expected 5, got 0');
    const quiet = { 'a.jsonl': [headerLine(), MAP], 'a.slots-end.json': moved };
    expect((await run(['a.jsonl'], quiet)).status).toBe(1);
  });
});
