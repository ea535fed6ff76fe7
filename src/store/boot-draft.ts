/**
 * The kernel command line as something to edit: every part of every `swiotlb=` with what it does,
 * what comes out in the end, and the line rewritten from the controls beside it.
 */
import type { MachineSpec } from '../engine/scenario.ts';
import { reserveQuietly } from '../engine/boot-pool.ts';
import type { BootedPool } from '../model/boot.ts';
import { coherentPoolValues } from '../model/coherent-param.ts';
import {
  bootState,
  bootValues,
  readBootValue,
  type BootPart,
  type BootState,
} from '../model/boot-line.ts';

/** A stretch of the line. Stretches cover it without a gap. */
export interface LineSpan {
  readonly from: number;
  readonly to: number;
  /** `other`: a word this page does not read; `key`: `swiotlb=` itself; `coherent`: its size. */
  readonly kind: BootPart['kind'] | 'coherent' | 'key' | 'other';
}

/** One part of a `swiotlb=` value, for its explanation. */
export interface ExplainedPart extends BootPart {
  readonly text: string;
}

/** What the controls beside the line show; null: the line does not say. */
export interface BootChoice {
  readonly slots: number | null;
  readonly areas: number | null;
  readonly mode: 'as needed' | 'force' | 'noforce';
}

/** The size that a `coherent_pool=` gives; positions are those of the size. */
export interface ExplainedPool {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly bytes: number;
}

export interface ExplainedLine {
  readonly spans: readonly LineSpan[];
  /** Positions count from the line's start. */
  readonly parts: readonly ExplainedPart[];
  readonly coherent: readonly ExplainedPool[];
  readonly choice: BootChoice;
  readonly state: BootState;
}

const KEY = 'swiotlb=';

/** Takes a command line apart. Reads it exactly as the kernel does. */
export function explainLine(line: string): ExplainedLine {
  const state = bootState();
  const parts: ExplainedPart[] = [];
  const spans: LineSpan[] = [];
  let at = 0;
  const span = (to: number, kind: LineSpan['kind']): void => {
    if (to > at) spans.push({ from: at, to, kind });
    at = Math.max(at, to);
  };
  for (const { value, from } of bootValues(line)) {
    span(from - KEY.length, 'other');
    span(from, 'key');
    for (const part of readBootValue(state, value)) {
      const placed = { ...part, from: from + part.from, to: from + part.to };
      span(placed.to, part.kind);
      parts.push({ ...placed, text: line.slice(placed.from, placed.to) });
    }
  }
  span(line.length, 'other');
  const coherent = coherentOf(line);
  const cut = spans.flatMap((one) => (one.kind === 'other' ? cutOut(one, coherent) : [one]));
  return { spans: cut, parts, coherent, state, choice: choiceOf(parts, state) };
}

function coherentOf(line: string): ExplainedPool[] {
  return coherentPoolValues(line).map(({ from, to, bytes }) => {
    const at = line.indexOf('=', from) + 1;
    return { from: at, to, text: line.slice(at, to), bytes };
  });
}

/** A stretch that is not read, around the sizes in it that are. */
function cutOut({ from, to }: LineSpan, pools: readonly ExplainedPool[]): LineSpan[] {
  const spans: LineSpan[] = [];
  let at = from;
  for (const pool of pools) {
    if (pool.from < from || pool.to > to || pool.from === pool.to) continue;
    spans.push({ from: at, to: pool.from, kind: 'other' });
    spans.push({ from: pool.from, to: pool.to, kind: 'coherent' });
    at = pool.to;
  }
  return at < to ? [...spans, { from: at, to, kind: 'other' }] : spans;
}

function choiceOf(parts: readonly ExplainedPart[], state: BootState): BootChoice {
  const last = (kind: BootPart['kind']) =>
    parts.findLast((part) => part.kind === kind)?.number ?? null;
  const mode = state.noforce ? 'noforce' : state.force ? 'force' : 'as needed';
  return { slots: last('slots'), areas: last('areas'), mode };
}

/** The line with one `swiotlb=` that says `choice`, where the first one stood; other words stay. */
export function rewriteLine(line: string, choice: BootChoice): string {
  const mode = choice.mode === 'as needed' ? '' : choice.mode;
  const areas = choice.areas === null ? '' : `,${choice.areas}`;
  const size = `${choice.slots ?? ''}${areas}`;
  const value = [size, mode].filter((text) => text !== '').join(',');
  const words = line.split(/\s+/).filter((word) => word !== '');
  const first = words.findIndex((word) => word.startsWith(KEY));
  const others = words.filter((word) => !word.startsWith(KEY));
  if (value !== '') others.splice(first < 0 ? others.length : first, 0, `${KEY}${value}`);
  return others.join(' ');
}

/** What boot makes of the line on this machine. */
export function bootOutcome(spec: MachineSpec): BootedPool {
  return reserveQuietly(explainLine(spec.commandLine).state, spec);
}
