/** The worker's side of an export: plays a run once more, and tells the file piece by piece. */
import { isRecord, quoted, wordFault } from '../engine/field-check.ts';
import type { MakePages } from '../engine/guest-memory.ts';
import { RecordedStretch } from '../engine/recorded-stretch.ts';
import { eventsCsv } from '../trace/events-csv.ts';
import { traceJson } from '../trace/trace-events.ts';
import { storyFault, stretchFault, type StoryChecks } from './export-check.ts';
import { EXPORT_FORMATS, type ExportCommand, type ExportReport } from './export-protocol.ts';
import type { Port } from './port.ts';

/** Events between two reports of progress. */
const SLICE_EVENTS = 20_000;

/** What the worker's first file has at hand, and hands in. */
export interface ExportParts extends StoryChecks {
  /** Makes the page allocator of a machine that has one. */
  readonly makePages: MakePages;
}

/**
 * Obeys one message of the page. It listens to nothing meanwhile: who wants it to stop ends the
 * worker.
 *
 * @param most rows noted at most; the page leaves it out.
 */
export function hearExport(port: Port, message: unknown, parts: ExportParts, most?: number): void {
  const tell = (report: ExportReport, transfer: Transferable[] = []) =>
    port.postMessage(report, transfer);
  const fault = faultOf(message, parts);
  if (fault !== null) {
    tell({ kind: 'refused', sentence: `Nothing was exported: ${fault}.` });
    return;
  }
  const { story, format, fromNs, toNs } = message as ExportCommand;
  const wish = { fromNs, toNs, isTrace: format === 'trace-json' };
  const stretch = new RecordedStretch(story, wish, parts.makePages, most);
  tell({ kind: 'progress', progress: 0 });
  while (!stretch.advance(SLICE_EVENTS)) {
    tell({ kind: 'progress', progress: stretch.progress });
  }
  const encoder = new TextEncoder();
  for (const piece of piecesOf(stretch, message as ExportCommand)) {
    const bytes = encoder.encode(piece);
    tell({ kind: 'piece', bytes }, [bytes.buffer]);
  }
  tell({ kind: 'done', cutNs: stretch.isCut ? stretch.untilNs : null });
}

function piecesOf(
  { records, untilNs, isCut }: RecordedStretch,
  { story, format, fromNs }: ExportCommand,
): Iterable<string> {
  const { title, seed, machine, devices } = story.scenario;
  const names = devices.map(({ name }) => name);
  if (format === 'events-csv') return eventsCsv(records, names);
  const { cpus } = machine;
  return traceJson(records, {
    scenario: title,
    seed,
    cpus,
    devices: names,
    fromNs,
    toNs: untilNs,
    isCut,
  });
}

/** The first fault of a message, in one clause, or null. */
function faultOf(message: unknown, checks: StoryChecks): string | null {
  if (!isRecord(message) || message['kind'] !== 'export') {
    return `${quoted(isRecord(message) ? message['kind'] : message)} is no command of an export`;
  }
  return (
    wordFault('format', message['format'], EXPORT_FORMATS) ??
    stretchFault(message) ??
    storyFault(message['story'], checks)
  );
}
