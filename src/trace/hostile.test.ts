import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TraceFault } from './fault.ts';
import { readEndTable } from './end-table.ts';
import { readRecording } from './recording-check.ts';
import { replayRecording } from './recording-report.ts';

const fixture = (name: string) =>
  readFileSync(new URL(`./fixtures/recordings/${name}`, import.meta.url));
const NAMES = [
  'small128-1cpu',
  'dyn-small128-1cpu',
  'tiny512-4cpu-nolock',
  'thr-deadlock-4cpu',
  'thr-sglfail-1cpu',
];
const LINES = NAMES.map((name) =>
  gunzipSync(fixture(`${name}.jsonl.gz`))
    .toString()
    .trimEnd()
    .split('\n')
    .slice(0, 600),
);
const END_TABLE = fixture('small128-1cpu.slots-end.json');

type Json = unknown[] | Record<string, unknown>;

/** Replaces one value somewhere inside `value`; `path` chooses which. */
function alter(value: Json, path: readonly number[], replacement: unknown): void {
  const keys = Object.keys(value);
  const key = keys[(path[0] ?? 0) % Math.max(keys.length, 1)];
  if (key === undefined) return;
  const holder = value as Record<string, unknown>;
  const inner = holder[key];
  if (typeof inner === 'object' && inner !== null && path.length > 1) {
    alter(inner as Json, path.slice(1), replacement);
  } else {
    holder[key] = replacement;
  }
}

/** Replays what can be read. @returns nothing then, or the sentence that refused the text. */
async function refusalOf(text: string): Promise<string | null> {
  try {
    const recording = await readRecording(new TextEncoder().encode(text));
    replayRecording(recording, await readEndTable(END_TABLE));
    return null;
  } catch (error) {
    if (!(error instanceof TraceFault)) throw error;
    return error.message;
  }
}

const SENTENCE = /^(?:Line \d+|The )[^\n]{5,300}\.$/;

const values = fc.oneof(
  fc.constantFrom(null, true, -1, 0, 1, 127, 128, 4095, 1e9, 2 ** 53, 1e308, '', [], {}),
  fc.constantFrom('0x0', '0x3e6c0000', '0x3e6c0800', '0xffffffffffffffff', '0xg', '__proto__'),
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 0, max: 2 ** 40 }).map((address) => `0x${address.toString(16)}`),
);

describe('a recording altered anywhere', () => {
  it('is replayed or refused in one sentence, and never breaks the reader', async () => {
    const alterations = fc.record({
      file: fc.nat(LINES.length - 1),
      lines: fc.array(fc.nat(599), { minLength: 1, maxLength: 4 }),
      path: fc.array(fc.nat(40), { minLength: 3, maxLength: 3 }),
      value: values,
      dropped: fc.nat(599),
    });
    let replayed = 0;
    const refusals: string[] = [];
    await fc.assert(
      fc.asyncProperty(alterations, async ({ file, lines, path, value, dropped }) => {
        const texts = [...(LINES[file] ?? [])];
        for (const line of lines) {
          const at = line % texts.length;
          const object = JSON.parse(texts[at] ?? '{}') as Json;
          alter(object, path, value);
          texts[at] = JSON.stringify(object);
        }
        if (dropped > 0) texts.splice(dropped, 1);
        const refusal = await refusalOf(texts.join('\n'));
        if (refusal === null) replayed++;
        else refusals.push(refusal);
      }),
      { numRuns: process.env['BOUNCESCOPE_SOAK'] === '1' ? 50_000 : 300 },
    );
    expect(replayed).toBeGreaterThan(10);
    expect(refusals.length).toBeGreaterThan(10);
    expect(refusals.filter((refusal) => !SENTENCE.test(refusal))).toEqual([]);
  });

  it('is cut off anywhere', async () => {
    const text = (LINES[0] ?? []).join('\n');
    const cuts = fc.nat(text.length);
    const refusals: string[] = [];
    await fc.assert(
      fc.asyncProperty(cuts, async (cut) => {
        refusals.push((await refusalOf(text.slice(0, cut))) ?? 'Line 0 is fine.');
      }),
      { numRuns: 60 },
    );
    expect(refusals.filter((refusal) => !SENTENCE.test(refusal))).toEqual([]);
  });
});
