import type { GfpZone, PageSource } from '../model/page-source.ts';
import { quoted } from './fault.ts';

/** One recorded answer: its kind, then numbers. */
type Answer = readonly unknown[];

const NO_ANSWERS: readonly Answer[] = [];
/** The kernel's coherent pools: its own, DMA32, DMA. */
const COHERENT_REGIONS = 3;

/**
 * A page allocator that gives the answers a kernel's gave, and notes when the model asks for
 * something else than the kernel did.
 *
 * Answers of a `swiotlb-trace/1` line, in order: `a` order zone addr, `f` order addr, `ca` / `cr`
 * bytes region addr (coherent; cr = got, then rejected), `cf` bytes region addr, `slotfail` order,
 * `decfail` pages addr. Slot arrays and conversions that worked are not listed.
 */
export class RecordedPages implements PageSource {
  readonly coherentRegions = COHERENT_REGIONS;
  /** The first thing that went otherwise than recorded, or null. */
  mismatch: { readonly expected: string; readonly got: string } | null = null;
  #answers = NO_ANSWERS;
  #at = 0;

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
      if (region === COHERENT_REGIONS - 1) this.#take('ca', [bytes]);
      return -1;
    }
    if (numberAt(next, 2) !== region) return -1;
    const answer = this.#take(next[0], [bytes, region]);
    return answer === null ? -1 : numberAt(answer, 3);
  }

  coherentFree(region: number, bytes: number, addr: number, rejected: boolean): void {
    // `cr` already says that the memory was rejected.
    if (!rejected) this.#take('cf', [bytes, region, addr]);
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
    const expected = answer?.map((part) => (typeof part === 'string' ? part : quoted(part)));
    this.mismatch ??= { expected: `page request ${expected?.join(' ') ?? 'none'}`, got };
  }
}

function numberAt(answer: Answer, index: number): number {
  const value = answer[index];
  return typeof value === 'number' ? value : -1;
}
