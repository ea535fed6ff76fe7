import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readRecording } from './recording-check.ts';
import { replayRecording } from './recording-report.ts';

/** Replays a fixture without the lines `from` to `to`. */
async function replayWithout(name: string, from: number, to: number) {
  const packed = readFileSync(new URL(`./fixtures/recordings/${name}.jsonl.gz`, import.meta.url));
  const lines = gunzipSync(packed).toString().trimEnd().split('\n');
  const left = [...lines.slice(0, from - 1), ...lines.slice(to)];
  return replayRecording(await readRecording(new TextEncoder().encode(left.join('\n'))), null);
}

describe('a recording of which something is missing', () => {
  const begunLate: [name: string, lastMissing: number][] = [
    ['small512-1cpu', 200],
    ['fuzz512-1cpu', 2000],
    ['tiny512-4cpu', 1500],
    ['tiny512-4cpu-nolock', 1500],
    ['vnet-1cpu', 1500],
    ['extport-1cpu', 300],
  ];
  it.each(begunLate)('%s begun mid-life: the rest is predicted', async (name, lastMissing) => {
    const report = await replayWithout(name, 2, lastMissing);
    expect(report.differ).toBe(0);
    expect(report.decisions).toBeGreaterThan(50);
    expect(report.adopted).toBeGreaterThan(0);
    expect(report.failures.join(' ')).toMatch(/The header counts \d+ events, the file has \d+\./);
  });

  it('tells one lost map by the hint it moved, and goes on', async () => {
    const report = await replayWithout('small512-1cpu', 41, 41);
    expect(report).toMatchObject({ decisions: 254, differ: 1, adopted: 1 });
    expect(report.first).toBe(
      'line 41: expected area 0, hint 40, used 5, got area 0, hint 39, used 5',
    );
  });

  it('takes one lost unmap in its stride', async () => {
    const report = await replayWithout('fuzz512-1cpu', 500, 500);
    expect(report.decisions).toBe(2078);
    expect(report.differ).toBeLessThan(5);
  });
});
