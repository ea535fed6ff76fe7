import { expect, test } from 'vitest';
import { SCENARIOS } from '../scenarios/index.ts';
import { checkCommand, MAX_RECORDING_BYTES } from './command-check.ts';

const sentenceOf = (message: unknown): string => {
  const checked = checkCommand(message);
  return checked.kind === 'bad' ? `${checked.command}: ${checked.sentence}` : 'ok';
};

test('good commands pass as they are', () => {
  const good = [
    { kind: 'load', scenario: SCENARIOS[0], play: true },
    { kind: 'replay', name: 'nvme.jsonl.gz', bytes: new ArrayBuffer(8) },
    { kind: 'play' },
    { kind: 'pause' },
    { kind: 'step' },
    { kind: 'restart' },
    { kind: 'step-past' },
    { kind: 'speed', speed: { kind: 'events', perSecond: 0.1 } },
    { kind: 'speed', speed: { kind: 'time', factor: 10 } },
    { kind: 'device', device: 0, control: 'depth', value: 12 },
    { kind: 'write', id: 1, file: 'io_tlb_used_hiwater', text: '0\n'.trim() },
    { kind: 'colour', mode: 'free-run' },
    { kind: 'hover', at: null },
    { kind: 'pin', at: { pool: 0, slot: 5 } },
    { kind: 'detail', from: { pool: 0, slot: 0 }, count: 4096 },
    { kind: 'frame', buffer: new ArrayBuffer(8) },
    { kind: 'hash', id: 3 },
    { kind: 'seek', to: 'event', event: 0 },
    { kind: 'seek', to: 'time', timeNs: 12_000 },
    { kind: 'seek', to: 'end' },
    { kind: 'move', grain: 'interesting', direction: -1 },
    { kind: 'branch', act: 'switch', id: 2 },
    { kind: 'branch', act: 'rename', id: 2, name: 'with a higher threshold' },
    { kind: 'memory-watch', on: true, cell: -1 },
    { kind: 'what-if', id: 4 },
    { kind: 'pagetypeinfo', id: 5 },
    { kind: 'explain', id: 6, ask: null },
    {
      kind: 'explain',
      id: 7,
      ask: { kind: 'request', device: 0, cpu: 1, orig: 0, size: 4096, pages: false },
    },
    { kind: 'explain', id: 8, ask: { kind: 'mapping', serial: 5, atNs: 12_000 } },
    { kind: 'explain', id: 9, ask: { kind: 'failure', atNs: 0 } },
    { kind: 'explain', id: 10, ask: { kind: 'life', at: { pool: 0, slot: 5 } } },
  ];
  for (const message of good)
    expect(checkCommand(message)).toEqual({ kind: 'ok', command: message });
});

test('something that is no command is unknown', () => {
  expect(sentenceOf(null)).toBe('unknown: null is no command');
  expect(sentenceOf('play')).toBe('unknown: "play" is no command');
  expect(sentenceOf([])).toBe('unknown: a list is no command');
  expect(sentenceOf({})).toBe('unknown: there is no command missing');
  expect(sentenceOf({ kind: 'explode' })).toBe('unknown: there is no command "explode"');
  expect(sentenceOf({ kind: 'toString' })).toBe('unknown: there is no command "toString"');
  expect(sentenceOf({ kind: '__proto__' })).toBe('unknown: there is no command "__proto__"');
});

const explain = (ask: unknown) => sentenceOf({ kind: 'explain', id: 1, ask });

test('each bad field of a question about a search gets its sentence', () => {
  expect(explain('why')).toBe('explain: ask is "why"; it must be an object or null');
  expect(explain({ kind: 'guess' })).toMatch(/one of request, mapping, failure, life$/);
  const request = { kind: 'request', device: 0, cpu: 0, orig: 0, size: 1, pages: false };
  expect(explain({ ...request, size: 0 })).toMatch(/^explain: ask.size is 0/);
  expect(explain({ ...request, size: 2 ** 30 })).toMatch(/^explain: ask.size is/);
  expect(explain({ ...request, orig: -1 })).toMatch(/^explain: ask.orig is -1/);
  expect(explain({ ...request, cpu: 1.5 })).toMatch(/^explain: ask.cpu is 1.5/);
  expect(explain({ ...request, pages: 1 })).toMatch(/true or false$/);
  expect(explain({ kind: 'mapping', serial: 0, atNs: 1 })).toMatch(/^explain: ask.serial is 0/);
  expect(explain({ kind: 'failure', atNs: Number.NaN })).toMatch(/^explain: ask.atNs is NaN/);
  expect(explain({ kind: 'life', at: null })).toBe('explain: ask.at is null; it must be a slot');
  expect(explain({ kind: 'life', at: { pool: 0, slot: -1 } })).toMatch(/^explain: ask.at.slot/);
});

const seek = (fields: object) => sentenceOf({ kind: 'seek', ...fields });

const move = (fields: object) => sentenceOf({ kind: 'move', grain: 'event', ...fields });

const branch = (fields: object) => sentenceOf({ kind: 'branch', act: 'switch', id: 1, ...fields });

test('each bad field of a way through time gets its sentence', () => {
  expect(seek({})).toMatch(/^seek: to is missing/);
  expect(seek({ to: 'yesterday' })).toMatch(/^seek: to is "yesterday"/);
  for (const event of [-1, 0.5, Number.NaN, Infinity, 2 ** 53, '5', null]) {
    expect(seek({ to: 'event', event })).toMatch(/^seek: event is /);
    expect(seek({ to: 'time', timeNs: event === 0.5 ? -0.5 : event })).toMatch(/^seek: timeNs is /);
  }
  expect(move({ direction: 0 })).toBe('move: direction is 0; it must be 1 or -1');
  expect(move({ direction: 2 })).toBe('move: direction is 2; it must be 1 or -1');
  expect(move({ direction: 1, grain: 'year' })).toMatch(/^move: grain is "year"/);
  expect(branch({ act: 'grow' })).toMatch(/^branch: act is "grow"/);
  expect(branch({ id: 0 })).toMatch(/^branch: id is 0/);
  expect(branch({ act: 'rename', name: '' })).toMatch(/^branch: name has 0 characters/);
  expect(branch({ act: 'rename', name: 'x'.repeat(41) })).toMatch(/^branch: name /);
  expect(branch({ act: 'rename' })).toMatch(/^branch: name is missing/);
});

test('each bad field gets its sentence', () => {
  expect(sentenceOf({ kind: 'load', scenario: {}, play: true })).toMatch(/^load: id is missing/);
  expect(sentenceOf({ kind: 'load', scenario: SCENARIOS[0] })).toMatch(/^load: play is missing/);
  expect(sentenceOf({ kind: 'replay', name: 'x', bytes: 'text' })).toMatch(/must be a buffer/);
  expect(sentenceOf({ kind: 'speed', speed: 5 })).toBe('speed: speed is 5; it must be an object');
  expect(sentenceOf({ kind: 'speed', speed: { kind: 'events', perSecond: 0 } })).toMatch(
    /^speed: speed.perSecond is 0; it must be a number from 0.1 to 1000/,
  );
  expect(sentenceOf({ kind: 'speed', speed: { kind: 'time', factor: 11 } })).toMatch(/11/);
  expect(sentenceOf({ kind: 'speed', speed: { kind: 'warp' } })).toMatch(/one of events, time/);
  expect(sentenceOf({ kind: 'device', device: -1, control: 'depth', value: 1 })).toMatch(/-1/);
  expect(sentenceOf({ kind: 'device', device: 0, control: 'name', value: 1 })).toMatch(/one of/);
  expect(sentenceOf({ kind: 'device', device: 0, control: 'depth', value: Number.NaN })).toMatch(
    /NaN/,
  );
  expect(sentenceOf({ kind: 'write', id: 1, file: '', text: '0' })).toMatch(/0 characters/);
  expect(sentenceOf({ kind: 'write', id: 1, file: 'f', text: 7 })).toMatch(/must be text/);
  expect(sentenceOf({ kind: 'colour', mode: 'rainbow' })).toMatch(/"rainbow"/);
  expect(sentenceOf({ kind: 'hover', at: { pool: 0 } })).toMatch(/at.slot is missing/);
  expect(sentenceOf({ kind: 'pin', at: 4 })).toMatch(/a slot or null/);
  expect(sentenceOf({ kind: 'detail', from: null, count: 5000 })).toMatch(/0 to 4096/);
  expect(sentenceOf({ kind: 'frame', buffer: null })).toMatch(/must be a buffer/);
  expect(sentenceOf({ kind: 'memory-watch', cell: 1 })).toMatch(/on is missing/);
  expect(sentenceOf({ kind: 'memory-watch', on: true, cell: -2 })).toMatch(/cell is -2/);
  expect(sentenceOf({ kind: 'what-if', id: 0.5 })).toMatch(/whole number/);
  expect(sentenceOf({ kind: 'pagetypeinfo' })).toMatch(/id is missing/);
  expect(sentenceOf({ kind: 'hash', id: 'a' })).toMatch(/whole number/);
});

test('a file that is too large is refused before it is unpacked', () => {
  const bytes = new ArrayBuffer(MAX_RECORDING_BYTES + 1);
  expect(sentenceOf({ kind: 'replay', name: 'x', bytes })).toBe(
    'replay: the file has 67108865 bytes; at most 67108864 are read',
  );
});
