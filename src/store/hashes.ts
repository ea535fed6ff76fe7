/** Asks the worker for the hash of the allocator's state; for tests and for proofs by hand. */
import type { Page } from './page.ts';

interface Waiting {
  readonly resolve: (hash: string) => void;
  readonly reject: (reason: Error) => void;
}

export class Hashes {
  readonly #page: Page;
  readonly #waiting = new Map<number, Waiting>();
  #id = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  /** The hash of the whole allocator state at the worker's present moment. */
  ask(): Promise<string> {
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#page.client.post({ kind: 'hash', id });
    });
  }

  answer(id: number, hash: string): void {
    this.#waiting.get(id)?.resolve(hash);
    this.#waiting.delete(id);
  }

  /** The worker is gone: nobody will answer. */
  abandon(): void {
    for (const { reject } of this.#waiting.values()) reject(new Error('the simulation stopped'));
    this.#waiting.clear();
  }
}
