import { TraceFault } from './fault.ts';
import { unpack, UNPACKED_LIMIT_BYTES } from './unpack.ts';

/** Longest line read, in characters: a dump of every slot of the largest pool fits. */
const LINE_CHARS = 32 * 2 ** 20;
/** Text between two breaths, in bytes: a few milliseconds of work. */
const BREATH_BYTES = 256 * 2 ** 10;

export interface ReadOptions {
  /** Most bytes of text; `UNPACKED_LIMIT_BYTES` unless told. */
  readonly limitBytes?: number;
  /**
   * Called between slices with the bytes of the file used so far and its length. Reading waits for
   * what it returns, so that a worker can look at its port in between.
   */
  readonly breathe?: (doneBytes: number, totalBytes: number) => Promise<void> | void;
}

/** Whole lines in a row, without their line ends. */
export interface LineBatch {
  /** Number of the first one, counted from 1. */
  readonly firstLine: number;
  readonly lines: readonly string[];
}

/**
 * The lines of a file, plain or gzip'ed, in batches.
 *
 * @throws TraceFault when the file is damaged, too long, or not text.
 */
export async function* readLines(
  bytes: Uint8Array,
  options: ReadOptions = {},
): AsyncGenerator<LineBatch, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let line = 1;
  let sinceBreath = 0;
  for await (const piece of unpack(bytes, options.limitBytes ?? UNPACKED_LIMIT_BYTES)) {
    const text = decode(decoder, piece.bytes, line);
    const cut = text.lastIndexOf('\n');
    if (cut === -1) {
      rest += text;
      if (rest.length > LINE_CHARS) throw new TraceFault(`Line ${line} is too long to be read.`);
    } else {
      const lines = (rest + text.slice(0, cut)).split('\n');
      rest = text.slice(cut + 1);
      yield { firstLine: line, lines };
      line += lines.length;
    }
    sinceBreath += piece.bytes.length;
    if (sinceBreath < BREATH_BYTES) continue;
    sinceBreath = 0;
    await options.breathe?.(piece.readBytes, bytes.length);
  }
  rest += decode(decoder, null, line);
  if (rest !== '') yield { firstLine: line, lines: [rest] };
  await options.breathe?.(bytes.length, bytes.length);
}

function decode(decoder: TextDecoder, bytes: Uint8Array | null, line: number): string {
  try {
    return bytes === null ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch {
    throw new TraceFault(
      `The file is not text: behind line ${line} stand bytes that are not UTF-8.`,
    );
  }
}

/**
 * One line as an object.
 *
 * @throws TraceFault when it is not JSON or not an object.
 */
export function parseObject(text: string, line: number): Readonly<Record<string, unknown>> {
  const value = parseJson(text, line);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TraceFault(`Line ${line} is not an object in braces.`);
  }
  return value as Readonly<Record<string, unknown>>;
}

/**
 * One line of JSON.
 *
 * @throws TraceFault when it is not JSON.
 */
export function parseJson(text: string, line: number): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const guess = line === 1 ? 'this is no recording' : 'the file may be cut off';
    throw new TraceFault(`Line ${line} is not JSON; ${guess}.`);
  }
}
