/**
 * Writes into the kernel's files, each with the kernel's answer. The worker answers in the order it
 * was asked; a write that it could not even read comes back as a refusal without an id, and is then
 * the oldest one without an answer.
 */
import type { Page } from './page.ts';

/** What a shell prints, or null when it was done. */
export type WriteAnswer = string | null;

/** Said of writes that a dead worker took with it. */
const LOST = 'sh: write error: the simulation stopped before it answered';

export class Writes {
  readonly #page: Page;
  readonly #waiting = new Map<number, (answer: WriteAnswer) => void>();
  #id = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Writes `text` into a file of debugfs, or of /proc/sys by its whole path. */
  ask(file: string, text: string): Promise<WriteAnswer> {
    const id = ++this.#id;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#page.client.post({ kind: 'write', id, file, text });
    });
  }

  answer(id: number, sentence: WriteAnswer): void {
    const resolve = this.#waiting.get(id);
    this.#waiting.delete(id);
    resolve?.(sentence);
  }

  /** The worker refused a write without saying which. @returns whether somebody waited for it. */
  refuse(sentence: string): boolean {
    const [oldest] = this.#waiting.keys();
    if (oldest === undefined) return false;
    this.answer(oldest, sentence);
    return true;
  }

  /** The worker is gone: nobody will answer. */
  abandon(): void {
    for (const id of this.#waiting.keys()) this.answer(id, LOST);
  }
}
