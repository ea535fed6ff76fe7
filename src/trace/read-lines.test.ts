import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { TraceFault } from './fault.ts';
import { readLines, type ReadOptions } from './read-lines.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

async function linesOf(bytes: Uint8Array, options?: ReadOptions): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of readLines(bytes, options)) {
    expect(batch.firstLine).toBe(lines.length + 1);
    lines.push(...batch.lines);
  }
  return lines;
}

const long = Array.from({ length: 40_000 }, (_, index) => `line ${index} äöü 🙂`);

describe('readLines', () => {
  it('reads plain and gzip alike, whatever the name says', async () => {
    expect(await linesOf(bytesOf('a\nb\n'))).toEqual(['a', 'b']);
    expect(await linesOf(gzipSync('a\nb\n'))).toEqual(['a', 'b']);
  });

  it('keeps lines whole across the pieces they arrive in', async () => {
    expect(await linesOf(bytesOf(long.join('\n')))).toEqual(long);
    expect(await linesOf(gzipSync(long.join('\n')))).toEqual(long);
  });

  it('keeps a last line without a line end, and empty lines', async () => {
    expect(await linesOf(bytesOf('a\n\nb'))).toEqual(['a', '', 'b']);
    expect(await linesOf(bytesOf(''))).toEqual([]);
  });

  it('says how far it is and waits to go on', async () => {
    const seen: number[] = [];
    const bytes = bytesOf(long.join('\n'));
    await linesOf(bytes, {
      breathe: async (done, total) => {
        await Promise.resolve();
        expect(total).toBe(bytes.length);
        seen.push(done);
      },
    });
    expect(seen.length).toBeGreaterThan(3);
    expect(seen).toEqual(seen.toSorted((one, other) => one - other));
    expect(seen.at(-1)).toBe(bytes.length);
  });

  it('counts while unpacking and stops at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(40 * 2 ** 20, 'x\n'));
    const limitBytes = 2 ** 20;
    await expect(linesOf(bomb, { limitBytes })).rejects.toThrow(
      'The file unpacks to more than 1 MiB of text; at most that is read.',
    );
    await expect(linesOf(bytesOf('x'.repeat(2 ** 20 + 1)), { limitBytes })).rejects.toThrow(
      'more than 1 MiB',
    );
  });

  it.each([
    ['cut off', (packed: Uint8Array) => packed.subarray(0, packed.length / 2)],
    ['cut in the header', (packed: Uint8Array) => packed.subarray(0, 6)],
    ['without its end', (packed: Uint8Array) => packed.subarray(0, -4)],
    ['damaged', (packed: Uint8Array) => packed.map((byte, at) => (at > 200 ? byte ^ 0x55 : byte))],
  ])('has a sentence for gzip data that is %s', async (_, spoil) => {
    const packed = new Uint8Array(gzipSync(long.join('\n')));
    const reading = linesOf(spoil(packed));
    await expect(reading).rejects.toThrow(TraceFault);
    await expect(reading).rejects.toThrow(
      /^The gzip data is damaged or cut off after [\d,]+ bytes/,
    );
  });

  it('has a sentence for a file that is no text', async () => {
    const binary = Uint8Array.from({ length: 1000 }, (_, index) => (index * 37) % 256);
    await expect(linesOf(binary)).rejects.toThrow('The file is not text');
  });

  it('does not choke on one endless line', async () => {
    await expect(linesOf(gzipSync(Buffer.alloc(40 * 2 ** 20, 'x')))).rejects.toThrow(
      'Line 1 is too long',
    );
  });
});
