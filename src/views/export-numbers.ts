/** The files of numbers: timeline and events as tables, and the trace. */
import { HEADER } from '../engine/frame.ts';
import { timelineCsv } from '../engine/timeline-csv.ts';
import type { ExportFormat } from '../store/export.ts';
import { exporting } from '../store/the-export.ts';
import { page } from '../store/the-page.ts';
import { fileName, save } from './export-files.ts';
import { clock } from './words.ts';

/** A stretch of the run, virtual ns. */
export interface Stretch {
  readonly fromNs: number;
  readonly toNs: number;
}

const KINDS = {
  'events-csv': { kind: 'events', ending: 'csv', type: 'text/csv' },
  'trace-json': { kind: 'trace', ending: 'json', type: 'application/json' },
} as const;

/** What is exported: the selected stretch, else the whole run so far. */
export function chosenStretch(): Stretch {
  const { span, readout } = page.state;
  const nowNs = readout?.timeNs ?? 0;
  if (span === null) return { fromNs: 0, toNs: nowNs };
  return { fromNs: Math.max(0, span.fromNs), toNs: Math.min(nowNs, span.toNs) };
}

/** Saves the history's buckets as they are now. */
export function saveTimeline(): void {
  const { frame } = page.client;
  const { state } = page;
  if (frame === null) return;
  const stretch = chosenStretch();
  const toNs = state.span === null ? frame.head(HEADER.timeNs) : stretch.toNs;
  const names = state.machine?.devices.map(({ name }) => name) ?? [];
  const at = { fromNs: stretch.fromNs, toNs };
  const text = timelineCsv(frame, names, at);
  const name = fileName({ state, at, kind: 'timeline', ending: 'csv' });
  save(name, new Blob([text], { type: 'text/csv' }));
  exporting.say(`Saved ${name}.`);
}

/** Plays the run once more, and saves what happened in it. */
export async function saveEvents(format: ExportFormat): Promise<void> {
  const { kind, ending, type } = KINDS[format];
  const { state } = page;
  exporting.making(kind);
  const past = await page.sessions.past();
  if (exporting.state.making !== kind) return;
  if (past === null) {
    exporting.say('A recording is not played again: its events are those of its own file.', true);
    return;
  }
  const story = { scenario: past.scenario, ...past.record };
  const { fromNs, toNs } = chosenStretch();
  const at = { fromNs, toNs: state.span === null ? story.timeNs : toNs };
  const made = await exporting.make(kind, { kind: 'export', story, format, ...at });
  if (made === null) return;
  const name = fileName({ state, at, kind, ending });
  save(name, new Blob([...made.parts], { type }));
  const cut =
    made.cutNs === null
      ? ''
      : ` It ends at ${clock(made.cutNs)}: there was more than a file may hold. Select a shorter stretch for the rest.`;
  exporting.say(`Saved ${name}.${cut}`);
}
