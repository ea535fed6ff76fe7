/**
 * The command line's replay: names of files in, lines of text out. Knows no file system; whoever
 * calls it brings one.
 */
import type { SearchKind } from '../model/pool.ts';
import { TraceFault } from './fault.ts';
import { passed, reportLines } from './file-report.ts';
import { replayFile } from './replay-file.ts';

/** What the command line needs of its surroundings. */
export interface ReplayIo {
  /** The bytes of a file; rejects when it cannot be read. */
  readFile(path: string): Promise<Uint8Array>;
  exists(path: string): boolean;
  /** Prints one line, without its line end. */
  print(line: string): void;
}

export interface ReplayChoice {
  /** Which slot table decides; the product's unless told. */
  readonly search?: SearchKind;
}

/** Exit statuses. */
const ALL_PASSED = 0;
const SOME_FAILED = 1;
const SOME_UNREADABLE = 2;

/** Longest text of an unexpected error that is printed. */
const ERROR_CHARS = 200;

type Verdict = 'passed' | 'failed' | 'skipped' | 'unreadable';

/**
 * Replays every file and prints what came of it; the last line is `N passed, M failed`.
 *
 * @returns the exit status: 0 all passed, 1 some failed, 2 some could not be read (which wins).
 */
export async function replayMain(
  paths: readonly string[],
  io: ReplayIo,
  choice: ReplayChoice = {},
): Promise<number> {
  const counts = { passed: 0, failed: 0, skipped: 0, unreadable: 0 };
  for (const path of paths) counts[await replayPath(path, io, choice)]++;
  io.print(`${counts.passed} passed, ${counts.failed + counts.unreadable} failed`);
  if (counts.unreadable > 0) return SOME_UNREADABLE;
  return counts.failed > 0 ? SOME_FAILED : ALL_PASSED;
}

async function replayPath(path: string, io: ReplayIo, choice: ReplayChoice): Promise<Verdict> {
  const name = baseName(path);
  try {
    const bytes = await bytesOf(path, io);
    const endTablePath = endTablePathOf(path);
    const hasEndTable = endTablePath !== path && io.exists(endTablePath);
    const endTable = hasEndTable ? await bytesOf(endTablePath, io) : null;
    const report = await replayFile(bytes, endTable, choice.search ?? 'fast');
    if ('skipped' in report) {
      io.print(`${name}: skipped, ${report.skipped}`);
      return 'skipped';
    }
    for (const line of reportLines(name, report)) io.print(line);
    return passed(report) ? 'passed' : 'failed';
  } catch (error) {
    io.print(`${name}: ${sentenceOf(error)}`);
    return 'unreadable';
  }
}

/** Whatever stops one file is one sentence, and the files behind it are replayed all the same. */
function sentenceOf(error: unknown): string {
  if (error instanceof TraceFault) return error.message;
  const text = String(error).replaceAll(/\s+/g, ' ').slice(0, ERROR_CHARS);
  const what = error instanceof RangeError ? 'The replay broke off' : 'The program failed';
  return `${what}: ${text}.`;
}

async function bytesOf(path: string, io: ReplayIo): Promise<Uint8Array> {
  try {
    return await io.readFile(path);
  } catch {
    const what = io.exists(path) ? 'It cannot be opened as a file.' : 'There is no such file.';
    throw new TraceFault(what);
  }
}

function baseName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}

/** Where a recording's end table lies: `NAME.slots-end.json` beside `NAME.jsonl` or `.jsonl.gz`. */
function endTablePathOf(path: string): string {
  return path.replace(/\.jsonl(\.gz)?$/, '.slots-end.json');
}
