/**
 * The `coherent_pool=` parameter.
 *
 * Follows early_coherent_pool() in kernel/dma/pool.c and memparse() in lib/cmdline.c, Linux 6.12. It
 * differs in numbers that 64 bits do not hold: they are cut, where the kernel lets them wrap.
 */

const KIB = 1024;
const COHERENT_KEY = 'coherent_pool=';
/** Letters behind a number, each ten binary digits more than the one before. */
const SUFFIXES = 'kmgtpe';
/** What a pool cannot exceed is far below this; larger numbers are cut to it. */
const MOST_BYTES = 2 ** 52;

/** One `coherent_pool=` of a kernel command line. Positions count from the line's start. */
export interface CoherentPoolValue {
  readonly from: number;
  readonly to: number;
  /** As `memparse` reads it; 0 leaves the size to the kernel, as no parameter does. */
  readonly bytes: number;
}

/** Every `coherent_pool=` of a command line, in order; the last one decides. */
export function coherentPoolValues(commandLine: string): readonly CoherentPoolValue[] {
  return [...commandLine.matchAll(/\S+/g)].flatMap(({ 0: word, index }) =>
    word.startsWith(COHERENT_KEY)
      ? [{ from: index, to: index + word.length, bytes: memparse(word.slice(COHERENT_KEY.length)) }]
      : [],
  );
}

/** A number in C's three bases and a letter for its unit, K to E; what follows is not read. */
function memparse(text: string): number {
  const digits = /^(?:0x[\da-f]+|0[0-7]*|[1-9]\d*)/i.exec(text)?.[0] ?? '';
  const plain = /^0[0-7]+$/.test(digits) ? `0o${digits}` : digits || '0';
  const unit = SUFFIXES.indexOf((text[digits.length] ?? ' ').toLowerCase()) + 1;
  return Math.min(Number(plain) * KIB ** (digits === '' ? 0 : unit), MOST_BYTES);
}
