import { describe, expect, it } from 'vitest';
import {
  bytesOfLines,
  headerLine,
  mapLine,
  unmapLine,
  type Line,
} from '../testing/recording-text.ts';
import { TraceFault } from './fault.ts';
import { readRecording } from './recording-check.ts';
import { EVENT, MAP_FAILED, MAP_UNFINISHED } from './recording.ts';

const MAP = mapLine(1, 0, [[2, 0.002, 0, 0, 0]]);
const read = (...lines: Line[]) => readRecording(bytesOfLines(lines));

describe('readRecording', () => {
  it('keeps events in columns and steps in their one order', async () => {
    const recording = await read(
      headerLine({ events: 3, maps: 2, unmaps: 1 }),
      mapLine(1, 128, [
        [3, 0.003, 0, 0, 128],
        [7, 0.007, 1, 0, 0],
      ]),
      unmapLine(4, 9, [5, 0.005, 9, 1, 20, 128]),
      mapLine(8, null, [[9, 0.009, 1, 1, 1]]),
    );
    expect(recording.count).toBe(3);
    expect([...recording.events.kind]).toEqual([EVENT.map, EVENT.unmap, EVENT.map]);
    expect([...recording.events.line]).toEqual([2, 3, 4]);
    expect([...recording.events.stepStart]).toEqual([0, 2, 3, 4]);
    expect([...recording.order].map((step) => recording.steps.seq[step])).toEqual([3, 5, 7, 9]);
    expect(recording.events.result[2]).toBe(MAP_FAILED);
    expect(recording.decisions).toBe(2);
    expect(recording.gaps).toEqual([]);
  });

  it('hides the words of the recording set-up', async () => {
    const { header } = await read(headerLine());
    expect(header.commandLine).toBe('root=/dev/vda swiotlb=256,2,force');
  });

  it('passes over what decides nothing', async () => {
    const recording = await read(
      headerLine(),
      { op: 'mark', text: 'hello' },
      { op: 'threshold', which: 'high', value: 'anything' },
      { op: 'sgfail' },
      { op: 'kernel', event: 'nvme_queue_rqs' },
      MAP,
    );
    expect(recording.count).toBe(1);
    expect(recording.events.line[0]).toBe(6);
  });

  it('takes a map without a result as no decision', async () => {
    const { ret: _ret, slot: _slot, ...blocked } = mapLine(1, 0, []);
    const recording = await read(headerLine(), blocked);
    expect(recording.decisions).toBe(0);
    expect(recording.events.result[0]).toBe(MAP_UNFINISHED);
  });

  it('orders maps by their return where no locks were recorded', async () => {
    const recording = await read(
      headerLine({ order: 'return/entry' }),
      mapLine(1, 0, [], { seqret: 9, tret: 0.9 }),
      mapLine(2, 1, [], { seqret: 5, tret: 0.5 }),
    );
    expect([...recording.order]).toEqual([1, 0]);
    expect(recording.events.time[0]).toBe(0.9);
  });

  it('tells what the header says is missing', async () => {
    const { gaps } = await read(
      headerLine({
        lost: { overrun: 12, dropped: 0 },
        start: { used: 5, hiwater: 7, hints: [null, 3] },
        events: 4,
        maps: 1,
      }),
      MAP,
    );
    expect(gaps).toEqual([
      'The recorder lost events: overrun 12.',
      'The recording began with 5 slots in use, whose maps it does not show.',
      'The header counts 4 events, the file has 1.',
    ]);
  });

  it('keeps a hostile device name as text, cut to 200 characters', async () => {
    const name = `<img src=x onerror=alert(1)>${'x'.repeat(500)}`;
    const { devices } = await read(headerLine({ devices: [{ id: 0, name }] }));
    expect(devices[0]?.name).toBe(name.slice(0, 200));
  });

  it('is not taken in by __proto__ and other inherited names', async () => {
    const header = JSON.stringify(headerLine()).replace(
      '{',
      '{"__proto__":{"polluted":true,"cpus":9},"constructor":{"prototype":{"polluted":true}},',
    );
    const bytes = new TextEncoder().encode(`${header}\n`);
    const recording = await readRecording(bytes);
    expect(recording.header.cpus).toBe(2);
    expect('polluted' in {}).toBe(false);
    const { cpus: _cpus, ...rest } = headerLine();
    const inherited = JSON.stringify(rest).replace('{', '{"__proto__":{"cpus":9},');
    await expect(readRecording(new TextEncoder().encode(inherited))).rejects.toThrow(
      'Line 1: cpus is missing, expected a whole number from 1 to 8192.',
    );
  });
});

const lock = (...changed: [at: number, value: unknown][]) => {
  const plain: unknown[] = [2, 0.002, 0, 0, 0];
  for (const [at, value] of changed) plain[at] = value;
  return { locks: [plain] };
};

describe('one sentence for every fault', () => {
  const pool = { base: '0x3e000000', nslabs: 256, areas: 2 };
  const headers: [name: string, header: Line, sentence: string][] = [
    ['of another kind', { format: 'png' }, 'Line 1: format is "png", expected "swiotlb-trace"'],
    ['of another version', { version: 2 }, 'Line 1: version is 2, expected 1, the only version'],
    [
      'of a billion slots',
      { pool: { ...pool, nslabs: 1e9 } },
      'Line 1: pool.nslabs is 1000000000, expected a whole number from 1 to 8388608.',
    ],
    ['of half a slot', { pool: { ...pool, nslabs: 0.5 } }, 'Line 1: pool.nslabs is 0.5'],
    ['of more areas than slots', { pool: { ...pool, areas: 257 } }, 'Line 1: pool.areas is 257'],
    ['of another area size', { pool: { ...pool, areaSize: 64 } }, 'areaSize is 64, expected 128'],
    ['of a crooked base', { pool: { ...pool, base: '0x3e000800' } }, 'expected a page-aligned'],
    ['of a base in words', { pool: { ...pool, base: 'high' } }, 'pool.base is "high", expected an'],
    [
      'beyond 2^52',
      { pool: { ...pool, base: '0xfffffffffffff000' } },
      'expected an address in hex below 2^52',
    ],
    ['without pool', { pool: [1] }, 'Line 1: pool is a list of 1, expected an object.'],
    ['with too many hints', { start: { hints: [0, 0, 0] } }, 'hints is a list of 3'],
    ['with a hint outside', { start: { hints: [128] } }, 'start.hints holds 128'],
    ['with devices in words', { devices: 'many' }, 'Line 1: devices is "many", expected a list'],
    ['with an empty device', { devices: [null] }, 'Line 1: devices[0] is not an object.'],
    [
      'with twins',
      {
        devices: [
          { id: 3, name: 'a' },
          { id: 3, name: 'b' },
        ],
      },
      'devices[1].id is 3, expected a number no other device has',
    ],
    [
      'with a mask of holes',
      { devices: [{ id: 0, name: 'a', minAlignMask: 5 }] },
      'devices[0].minAlignMask is 5, expected a mask of the form 2^k - 1',
    ],
    [
      'with a boundary of holes',
      { devices: [{ id: 0, name: 'a', segBoundaryMask: '0xf0ff' }] },
      'segBoundaryMask is "0xf0ff", expected a mask',
    ],
    ['with infinite CPUs', { cpus: 1e308 }, 'cpus is 1e+308'],
    ['with no pools', { pools: [] }, 'pools is a list of 0, expected at least one pool'],
    [
      'with pools beyond all memory',
      { pools: [1, 2, 3].map(() => ({ ...pool, nslabs: 2 ** 22 })) },
      'expected at most 8388608 slots in all',
    ],
    [
      'with areas beyond all sense',
      { pools: Array.from({ length: 4096 }, () => ({ ...pool, nslabs: 65_536, areas: 65_536 })) },
      'Line 1: pools[4].areas is 65536, expected at most 262144 areas in all pools.',
    ],
  ];
  it.each(headers)('a header %s', async (_, changes, sentence) => {
    const reading = read(headerLine(changes));
    await expect(reading).rejects.toThrow(TraceFault);
    await expect(reading).rejects.toThrow(sentence);
  });

  const events: [name: string, line: Line, sentence: string][] = [
    ['unknown operation', { op: 'explode' }, 'Line 2: op is "explode", expected map, unmap'],
    ['unknown device', { dev: 7 }, 'Line 2: dev is 7, expected a device of the header.'],
    ['no device', { dev: null }, 'Line 2: dev is null'],
    ['no bytes', { size: 0 }, 'Line 2: size is 0, expected a whole number from 1 to'],
    ['bytes as text', { size: '2048' }, 'Line 2: size is "2048"'],
    ['negative time', { t: -1 }, 'Line 2: t is -1, expected a time in seconds.'],
    ['crooked mask', { align: 4096 }, 'Line 2: align is 4096, expected a mask'],
    ['no address', { orig: 4096 }, 'Line 2: orig is 4096, expected an address in hex'],
    ['address in an object', { ret: {} }, 'Line 2: ret is an object'],
    ['slot outside', { slot: 1e9 }, 'Line 2: slot is 1000000000'],
    ['CPU outside', { cpu: 1e6 }, 'Line 2: cpu is 1000000'],
    ['locks in words', { locks: 'all' }, 'Line 2: locks is "all", expected a list'],
    ['a lock in words', { locks: ['all'] }, 'Line 2: entry 1 of a lock in locks is missing'],
    ['a lock without place', lock([0, null]), 'Line 2: entry 0 of a lock in locks is null'],
    ['a lock at a fraction', lock([3, 0.5]), 'Line 2: entry 3 of a lock in locks is 0.5'],
    ['a lock far away', lock([0, 1e15]), 'Line 2: entry 0 of a lock in locks is 1000000000000000'],
    [
      'locks out of order',
      {
        locks: [
          [5, 0, 0, 0, 0],
          [4, 0, 1, 0, 0],
        ],
      },
      'Line 2: entry 0 of a lock in locks is 4, expected more than 5',
    ],
    ['a lock of no pool', lock([5, 'x']), 'Line 2: entry 5 of a lock in locks is "x"'],
  ];
  it.each(events)('a map with %s', async (_, changes, sentence) => {
    const reading = read(headerLine(), { ...MAP, ...changes });
    await expect(reading).rejects.toThrow(TraceFault);
    await expect(reading).rejects.toThrow(sentence);
  });

  it.each([
    ['nothing', '', 'The file is empty.'],
    ['no JSON', 'hello\n', 'Line 1 is not JSON'],
    ['a list', '[1]\n', 'Line 1 is not an object in braces.'],
    ['a line cut off', `${JSON.stringify(headerLine())}\n{"op":"ma`, 'Line 2 is not JSON'],
    ['a number for a line', `${JSON.stringify(headerLine())}\n7\n`, 'Line 2 is not an object'],
    ['endless brackets', `${'['.repeat(100_000)}\n`, 'Line 1 is not'],
  ])('a file with %s', async (_, text, sentence) => {
    const reading = readRecording(new TextEncoder().encode(text));
    await expect(reading).rejects.toThrow(TraceFault);
    await expect(reading).rejects.toThrow(sentence);
  });

  it('pools without end', async () => {
    const made = { t: 1, seq: 1, op: 'kernel', event: 'pool_alloc_ret', pbase: '0x1000000' };
    const many = Array.from({ length: 5 }, () => ({ ...made, pslabs: 2 ** 21 }));
    await expect(read(headerLine(), ...many)).rejects.toThrow('Line 5: 4 grown pools');
    const crooked = { ...made, pbase: '0x1000001', pslabs: 1 };
    await expect(read(headerLine(), crooked)).rejects.toThrow('pbase is "0x1000001", expected');
  });
});
