import type { SearchKind } from '../model/pool.ts';
import { TraceFault } from './fault.ts';
import { Fields } from './fields.ts';
import type { FileReport } from './file-report.ts';
import { GrowthReplay } from './growth-replay.ts';
import { InitReplay } from './init-replay.ts';
import { PlacementReplay } from './placement-replay.ts';
import { parseObject, readLines } from './read-lines.ts';
import { readRecording } from './recording-check.ts';
import { replayRecording } from './recording-report.ts';
import { isEndTable, readEndTable } from './end-table.ts';
import { VectorReplay } from './vector-replay.ts';

/** A kind of file that is replayed line by line. */
interface LineReplay {
  read(text: string, line: number): void;
  report(): FileReport;
}

/** A file that decides nothing, and what it is instead. */
export interface SkippedFile {
  readonly skipped: string;
}

/**
 * Replays one file on the model. What kind it is says the `format` in its first line.
 *
 * @param endTable the bytes of `NAME.slots-end.json` beside a recording, if there is one.
 * @returns the report, or what it is for a file that decides nothing.
 * @throws TraceFault with one sentence when the file cannot be read.
 */
export async function replayFile(
  bytes: Uint8Array,
  endTable: Uint8Array | null,
  search: SearchKind,
): Promise<FileReport | SkippedFile> {
  const header = await headerOf(bytes);
  if (isEndTable(header)) return { skipped: 'end table of a recording' };
  const format = header.text('format', 60);
  switch (format) {
    case 'swiotlb-trace':
      return replayRecording(
        await readRecording(bytes),
        endTable && (await readEndTable(endTable)),
        search,
      );
    case 'swiotlb-trace/1':
      return replayLines(bytes, () => new VectorReplay(header, search));
    case 'swiotlb-placement-csv/1':
      return replayLines(bytes, () => new PlacementReplay(header, search));
    case 'swiotlb-init-table/1':
      return replayLines(bytes, () => new InitReplay(header));
    case 'swiotlb-growth-buddy':
      return replayLines(bytes, () => new GrowthReplay(header));
    default:
      throw header.fault(
        'format',
        'swiotlb-trace, swiotlb-trace/1, swiotlb-placement-csv/1 or swiotlb-init-table/1',
      );
  }
}

async function headerOf(bytes: Uint8Array): Promise<Fields> {
  for await (const batch of readLines(bytes)) {
    return new Fields().aim(parseObject(batch.lines[0] ?? '', 1), 1);
  }
  throw new TraceFault('The file is empty.');
}

async function replayLines(bytes: Uint8Array, make: () => LineReplay): Promise<FileReport> {
  const replay = refusing(1, make);
  for await (const batch of readLines(bytes)) {
    for (const [index, text] of batch.lines.entries()) {
      const line = batch.firstLine + index;
      if (line > 1 && text.trim() !== '') refusing(line, () => replay.read(text, line));
    }
  }
  return replay.report();
}

/** Runs `step`; what the model refuses (a request that crashes a kernel) is a fault of the line. */
function refusing<Result>(line: number, step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TraceFault(`Line ${line} asks for what no kernel does: ${error.message}.`);
  }
}
