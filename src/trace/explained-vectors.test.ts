/**
 * Every decision of the kernel in the vectors, explained: what the explanation says is what the
 * kernel did, and what the search that decides counts.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { explainMap, type MapExplanation } from '../model/explain.ts';
import { MapCursor } from '../model/map-cursor.ts';
import type { Swiotlb } from '../model/swiotlb.ts';
import { parseObject } from './read-lines.ts';
import { Fields } from './fields.ts';
import { VectorReplay } from './vector-replay.ts';

interface Tally {
  decisions: number;
  disagreements: string[];
  missed: number;
  failures: number;
}

/** What an explanation got wrong about the decision that followed, or null. */
function disagreement(told: MapExplanation, { outcome }: Swiotlb): string | null {
  // A transient pool is what comes after the search that is explained.
  const found = outcome.transient ? null : outcome.pool;
  const isUndone = outcome.cause === 'out-of-reach';
  if (!isUndone && told.pool !== (found?.id ?? -1)) return `pool ${told.pool}`;
  if (!isUndone && found !== null && told.slot !== outcome.slot) return `slot ${told.slot}`;
  const probes = told.walks.reduce((sum, walk) => sum + walk.probes, 0);
  // A transient pool has been looked into, too.
  const more = outcome.transient || outcome.kicked ? 0 : outcome.probes - probes;
  return more === 0 ? null : `${probes} slots looked at instead of ${outcome.probes}`;
}

function explained(name: string): Tally {
  const bytes = readFileSync(new URL(`./fixtures/vectors/${name}`, import.meta.url));
  const [header = '', ...lines] = gunzipSync(bytes).toString('utf8').trimEnd().split('\n');
  const replay = new VectorReplay(new Fields().aim(parseObject(header, 1), 1));
  const cursor = new MapCursor();
  const tally: Tally = { decisions: 0, disagreements: [], missed: 0, failures: 0 };
  let told: MapExplanation | null = null;
  let machine: Swiotlb | null = null;
  replay.onAsk = ({ swiotlb, ask }) => {
    ask(cursor);
    told = explainMap(swiotlb, cursor);
    machine = swiotlb;
  };
  for (const [at, line] of lines.entries()) {
    told = null;
    replay.read(line, at + 2);
    if (told === null || machine === null) continue;
    note(tally, told, machine, `line ${at + 2}`);
  }
  expect(replay.report().failures).toEqual([]);
  return tally;
}

function note(tally: Tally, told: MapExplanation, machine: Swiotlb, where: string): void {
  tally.decisions++;
  const wrong = disagreement(told, machine);
  if (wrong !== null) tally.disagreements.push(`${where}: ${wrong}`);
  if (told.slot >= 0) return;
  tally.failures++;
  if (told.walks.some(({ missed }) => missed >= 0)) tally.missed++;
}

describe.each(['d2-a', 'd2x-a', 'd5-a', 'd3x-a', 'd6-a'])('%s', (name) => {
  test('every decision is explained, and none differently', () => {
    const { decisions, disagreements, failures, missed } = explained(`${name}.jsonl.gz`);
    expect(disagreements.slice(0, 5)).toEqual([]);
    expect(decisions).toBeGreaterThan(500);
    if (name !== 'd2-a') return;
    // Some failures had a fit that the kernel's walk steps over, and they are told.
    expect(missed).toBeGreaterThan(0);
    expect(missed).toBeLessThan(failures / 10);
  });
});
