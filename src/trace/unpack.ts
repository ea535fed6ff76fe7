import { TraceFault } from './fault.ts';

/** Most bytes of text that any file may hold, counted while unpacking: 256 MiB. */
export const UNPACKED_LIMIT_BYTES = 256 * 2 ** 20;
/** Most bytes of a file as it lies on disk: 64 MiB. */
export const PACKED_LIMIT_BYTES = 64 * 2 ** 20;

/** Bytes handed on at a time: a few milliseconds of reading. */
const CHUNK_BYTES = 256 * 2 ** 10;

/** A piece of the unpacked text, and how many bytes of the file were needed for everything so far. */
export interface Unpacked {
  readonly bytes: Uint8Array;
  readonly readBytes: number;
}

/** Whether the file begins with gzip's two magic bytes. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The text of a file, plain or gzip'ed (told by its first bytes, not by its name), piece by piece.
 *
 * @throws TraceFault when the gzip data is damaged or cut off, or when the text grows beyond
 * `limitBytes`; nothing beyond the limit is kept.
 */
export async function* unpack(
  bytes: Uint8Array,
  limitBytes: number = UNPACKED_LIMIT_BYTES,
): AsyncGenerator<Unpacked, void, undefined> {
  if (isGzip(bytes)) {
    yield* unpackGzip(bytes, limitBytes);
    return;
  }
  if (bytes.length > limitBytes) throw tooLong(limitBytes);
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const end = Math.min(at + CHUNK_BYTES, bytes.length);
    yield { bytes: bytes.subarray(at, end), readBytes: end };
  }
}

async function* unpackGzip(
  bytes: Uint8Array,
  limitBytes: number,
): AsyncGenerator<Unpacked, void, undefined> {
  const stream = new DecompressionStream('gzip');
  const feed = new Feed(stream.writable.getWriter(), bytes);
  const reader = stream.readable.getReader();
  let unpackedBytes = 0;
  try {
    for (;;) {
      const piece = await nextPiece(reader, unpackedBytes);
      if (piece === null) return;
      unpackedBytes += piece.length;
      if (unpackedBytes > limitBytes) throw tooLong(limitBytes);
      yield { bytes: piece, readBytes: feed.fedBytes };
    }
  } finally {
    feed.stop();
    // What is left belongs to nobody; a failure to throw it away is no failure of the reading.
    reader.cancel().catch(() => undefined);
  }
}

/** The next unpacked piece, or null at the end. */
async function nextPiece(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  unpackedBytes: number,
): Promise<Uint8Array | null> {
  try {
    const { done, value } = await reader.read();
    return done ? null : value;
  } catch {
    throw new TraceFault(
      `The gzip data is damaged or cut off after ${unpackedBytes.toLocaleString('en')} bytes of text.`,
    );
  }
}

/** Writes the packed bytes into the stream as fast as it takes them. */
class Feed {
  /** Packed bytes handed over so far. */
  fedBytes = 0;
  #stopped = false;

  constructor(writer: WritableStreamDefaultWriter<BufferSource>, bytes: Uint8Array) {
    // A failure shows itself at the reading end too, where it becomes a sentence.
    this.#run(writer, bytes).catch(() => undefined);
  }

  stop(): void {
    this.#stopped = true;
  }

  async #run(writer: WritableStreamDefaultWriter<BufferSource>, bytes: Uint8Array): Promise<void> {
    writer.closed.catch(() => undefined);
    while (this.fedBytes < bytes.length && !this.#stopped) {
      const end = Math.min(this.fedBytes + CHUNK_BYTES / 4, bytes.length);
      // A copy, because a view of a shared buffer may not be written.
      await writer.write(bytes.slice(this.fedBytes, end));
      this.fedBytes = end;
    }
    await (this.#stopped ? writer.abort() : writer.close());
  }
}

function tooLong(limitBytes: number): TraceFault {
  const limit = limitBytes / 2 ** 20;
  return new TraceFault(
    `The file unpacks to more than ${limit.toLocaleString('en')} MiB of text; at most that is read.`,
  );
}
