import { at } from '../model/array.ts';
import type { Pool } from '../model/pool.ts';
import type { MapReplay } from './map-replay.ts';
import { EVENT } from './recording.ts';
import { parting, type Parting, type ReplayContext } from './replay-context.ts';
import { hex, type ReplayStep } from './replay-step.ts';

/** Replays an event of growth: the worker, pool memory, pools coming and going. */
export function replayPoolEvent(
  context: ReplayContext,
  maps: MapReplay,
  row: number,
  out: ReplayStep,
): Parting | null {
  const { events } = context.recording;
  const base = at(events.addr, row);
  out.size = 0;
  out.tlb = base;
  out.pool = null;
  switch (at(events.kind, row)) {
    case EVENT.workerRuns:
      out.kind = 'worker';
      return replayWorker(context, maps);
    case EVENT.poolAnswer:
      out.kind = 'pool-memory';
      if (base >= 0) context.answered.set(base, at(events.size, row));
      return null;
    case EVENT.poolAdded:
      out.kind = 'pool-added';
      return replayGrowth(context, row, out);
    case EVENT.poolFreed:
      out.kind = 'pool-freed';
      context.answered.delete(base);
      return replayFreed(context, base);
    default:
      out.kind = 'pool-memory';
      return null;
  }
}

function replayWorker({ swiotlb }: ReplayContext, maps: MapReplay): Parting | null {
  if (swiotlb.startWorker() || maps.explainsWorker()) return null;
  return parting('the growth worker to run', 'no map that queued it');
}

/** The pool the worker added: the model grows with the memory the kernel got. */
function replayGrowth(context: ReplayContext, row: number, out: ReplayStep): Parting | null {
  const { swiotlb, pages, recording } = context;
  const { events } = recording;
  const [base, nslabs, nareas] = [
    at(events.addr, row),
    at(events.size, row),
    at(events.align, row),
  ];
  pages.grant({ base, nslabs });
  const pool = swiotlb.grow();
  pages.grant(null);
  context.answered.delete(base);
  out.pool = pool;
  const expected = poolText(base, nslabs, nareas);
  if (pool === null) return parting(`a pool ${expected}`, 'a worker that wants no such size');
  const got = textOf(pool);
  return got === expected ? null : parting(`a pool ${expected}`, `a pool ${got}`);
}

/** A transient pool's memory went back: the model must have given it up before. */
function replayFreed({ pages }: ReplayContext, base: number): Parting | null {
  if (pages.freed.delete(base)) return null;
  return parting(`the pool at ${hex(base)} to be unused`, 'a pool in use, or none');
}

function textOf({ base, nslabs, nareas }: Pool): string {
  return poolText(base, nslabs, nareas);
}

function poolText(base: number, nslabs: number, nareas: number): string {
  return `of ${nslabs} slots and ${nareas} areas at ${hex(base)}`;
}
