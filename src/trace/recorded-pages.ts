import { PAGE_BYTES, SLOT_BYTES } from '../model/geometry.ts';
import type { GfpZone, PageSource } from '../model/page-source.ts';
import { ADDRESS_LIMIT } from '../model/units.ts';
import { quoted, TraceFault } from './fault.ts';
import { SLOT_LIMIT } from './header-check.ts';

/** One recorded answer: its kind, then whole numbers. */
export type Answer = readonly [kind: string, ...numbers: number[]];

const NO_ANSWERS: readonly Answer[] = [];
const ANSWERS_LIMIT = 4096;
/** How many numbers stand behind each kind; those of `GIVING` end with an address or -1. */
const NUMBERS: ReadonlyMap<unknown, number> = new Map([
  ['a', 3],
  ['f', 2],
  ['ca', 3],
  ['cr', 3],
  ['cf', 3],
  ['slotfail', 1],
  ['decfail', 2],
  ['mb', 3],
]);
const GIVING: ReadonlySet<unknown> = new Set(['a', 'ca', 'cr', 'mb']);
/** Pool memory ends below 2^52, the largest pool included. */
const PLACE_LIMIT = ADDRESS_LIMIT - SLOT_LIMIT * SLOT_BYTES;

/** Checks a list of recorded answers. @throws TraceFault for the first that is none. */
export function checkAnswers(list: unknown, line: number): readonly Answer[] {
  if (!Array.isArray(list) || list.length > ANSWERS_LIMIT) {
    throw new TraceFault(
      `Line ${line}: ev is ${quoted(list)}, expected a list of at most ${ANSWERS_LIMIT} answers.`,
    );
  }
  for (const [index, answer] of list.entries()) {
    if (isAnswer(answer)) continue;
    throw new TraceFault(
      `Line ${line}: ev[${index}] is ${quoted(answer)}, expected an answer of the page allocator.`,
    );
  }
  return list as readonly Answer[];
}

function isAnswer(answer: unknown): boolean {
  if (!Array.isArray(answer)) return false;
  const [kind, ...numbers] = answer as readonly unknown[];
  if (numbers.length !== NUMBERS.get(kind) || !numbers.every(Number.isSafeInteger)) return false;
  const last = Number(numbers.at(-1));
  return !GIVING.has(kind) || last === -1 || isPlace(last);
}

function isPlace(address: number): boolean {
  return address >= 0 && address < PLACE_LIMIT && address % PAGE_BYTES === 0;
}

/**
 * A page allocator that gives the answers a kernel's gave, and notes when the model asks for
 * something else than the kernel did.
 *
 * Answers of a `swiotlb-trace/1` line, in order: `a` order zone addr, `f` order addr, `ca` / `cr`
 * bytes region addr (coherent; cr = got, then rejected), `cf` bytes region addr, `slotfail` order,
 * `decfail` pages addr. Slot arrays and conversions that worked are not listed.
 */
export class RecordedPages implements PageSource {
  readonly coherentRegions: number;
  /** The first thing that went otherwise than recorded, or null. */
  mismatch: { readonly expected: string; readonly got: string } | null = null;
  #answers = NO_ANSWERS;
  #at = 0;

  /** @param coherentRegions coherent pools of the machine, at least 1: an empty one has no room. */
  constructor(coherentRegions: number) {
    this.coherentRegions = coherentRegions;
  }

  /** Takes the answers of the next operation. */
  load(answers: readonly Answer[]): void {
    this.#answers = answers;
    this.#at = 0;
    this.mismatch = null;
  }

  /** To be called after the operation: notes answers that the model never asked for. */
  settle(): void {
    const left = this.#answers[this.#at];
    if (left !== undefined) this.#missed(left, 'no further request');
  }

  get atomicFromCoherent(): boolean {
    const kind = this.#answers[this.#at]?.[0];
    return kind === 'ca' || kind === 'cr';
  }

  allocPages(order: number, zone: GfpZone): number {
    const answer = this.#take('a', [order, zone]);
    return answer === null ? -1 : numberAt(answer, 3);
  }

  freePages(order: number, addr: number): void {
    this.#take('f', [order, addr]);
  }

  allocSlotArray(order: number): boolean {
    return !this.#takeIfNext('slotfail', [order]);
  }

  freeSlotArray(): void {
    // The kernel frees it with the pool; the recording does not list it.
  }

  decrypt(pages: number, addr: number): boolean {
    return !this.#takeIfNext('decfail', [pages, addr]);
  }

  coherentAlloc(region: number, bytes: number): number {
    const next = this.#answers[this.#at];
    if (next === undefined || (next[0] !== 'ca' && next[0] !== 'cr')) return -1;
    // One answer for all regions: when none had room it comes with the last one asked.
    if (numberAt(next, 3) === -1) {
      this.#takeExhausted(region, bytes);
      return -1;
    }
    if (numberAt(next, 2) !== region) return -1;
    const answer = this.#take(next[0], [bytes, region]);
    return answer === null ? -1 : numberAt(answer, 3);
  }

  coherentFree(region: number, bytes: number, addr: number, rejected: boolean): void {
    // `cr` already says that the memory was rejected; the walk may have ended with it.
    if (rejected) this.#takeExhausted(region, bytes);
    else this.#take('cf', [bytes, region, addr]);
  }

  /** Takes the answer that no region had room, which comes behind the last region asked. */
  #takeExhausted(region: number, bytes: number): void {
    const next = this.#answers[this.#at];
    const isExhausted = next?.[0] === 'ca' && numberAt(next, 3) === -1;
    if (isExhausted && region === this.coherentRegions - 1) this.#take('ca', [bytes]);
  }

  /** Takes the next answer if it is of this kind. */
  #takeIfNext(kind: string, asked: readonly number[]): boolean {
    return this.#answers[this.#at]?.[0] === kind && this.#take(kind, asked) !== null;
  }

  #take(kind: string, asked: readonly number[]): Answer | null {
    const answer = this.#answers[this.#at];
    if (answer === undefined || answer[0] !== kind) {
      this.#missed(answer, `${kind} ${asked.join(' ')}`);
      return null;
    }
    this.#at++;
    if (asked.some((number, index) => answer[index + 1] !== number)) {
      this.#missed(answer, `${kind} ${asked.join(' ')}`);
    }
    return answer;
  }

  #missed(answer: Answer | undefined, got: string): void {
    this.mismatch ??= { expected: `page request ${answer?.join(' ') ?? 'none'}`, got };
  }
}

function numberAt(answer: Answer, index: number): number {
  return Number(answer[index] ?? -1);
}
