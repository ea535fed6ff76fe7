/** What a request would meet if it came now. Nothing is taken, and the run is as it was. */
import { DEFAULT_COSTS } from './costs.ts';
import type { Explained, ExplainAsk, ExplainedSearch } from './explained.ts';
import type { Run } from './run.ts';
import { SearchRecord } from './search-record.ts';
import { termsOf } from '../model/explain.ts';
import { MapCursor, type FailCause } from '../model/map-cursor.ts';

/** A request that is explained as if it came now. */
export type RequestAsk = Extract<ExplainAsk, { readonly kind: 'request' }>;

/**
 * Explains a request on the state as it stands.
 *
 * @param slotNs what a slot that is looked at is charged with, ns.
 */
export function explainNow(
  run: Run,
  ask: RequestAsk,
  slotNs: number = DEFAULT_COSTS.slotNs,
): Explained {
  const { swiotlb, timeNs } = run;
  const device = swiotlb.devices[ask.device];
  if (device === undefined) return none(`There is no device ${ask.device} in this run.`);
  const cursor = new MapCursor();
  if (ask.pages) cursor.askPages(device, ask.cpu, ask.size);
  else cursor.ask(device, ask.cpu, ask.orig, ask.size, 0);
  const record = new SearchRecord();
  const found = walkAll(run, cursor, record);
  const isFound = found !== null;
  return {
    ...searchOf(cursor, record),
    when: 'now',
    timeNs,
    event: run.event,
    pool: isFound ? found.pool : -1,
    slot: isFound ? found.found : -1,
    cause: isFound ? 'none' : failedFor(cursor.cause),
    transientSlots: 0,
    kicked: false,
    attempts: [],
    gate: [],
    tenure: null,
    slotNs,
  };
}

/** Walks the areas as the kernel would. @returns the walk that ends at a slot, or null. */
function walkAll({ swiotlb, ledger, timeNs }: Run, cursor: MapCursor, record: SearchRecord) {
  let more = swiotlb.begin(cursor);
  while (more) {
    const walk = record.see(cursor, ledger, timeNs);
    if (walk.found >= 0) return walk;
    if (!walk.isLeft && cursor.cause === 'none') cursor.cause = 'fragmented';
    more = swiotlb.nextArea(cursor);
  }
  record.exhausted(cursor);
  return null;
}

/** What a search's cursor and the notes of it say. */
export function searchOf(cursor: MapCursor, record: SearchRecord) {
  const { device } = cursor;
  const { minAlignMask, segBoundary } = device.demands;
  return {
    kind: 'search',
    device: device.id,
    request: termsOf(cursor),
    minAlignMask,
    segBoundary,
    reach: device.reach,
    seen: record.seen,
    areas: record.areas,
    probes: record.probes,
    passed: record.passed,
    renumbered: record.renumbered,
    disagreement: record.disagreement,
  } satisfies Partial<ExplainedSearch>;
}

function none(sentence: string): Explained {
  return { kind: 'none', sentence };
}

function failedFor(cause: FailCause): FailCause {
  return cause === 'none' ? 'no-room' : cause;
}
