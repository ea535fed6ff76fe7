import type { Fields } from './fields.ts';

const LIMIT = 2 ** 32;

/** What a vector file's header announces (`ops`, `fails`, `cases`), against what was read. */
export class Announced {
  readonly #header: Fields;
  readonly #found = new Map<string, number>();

  /** Counts `names`, each from 0. */
  constructor(header: Fields, names: readonly string[]) {
    this.#header = header;
    for (const name of names) this.#found.set(name, 0);
  }

  /** One more of `name` was read. */
  count(name: string): void {
    this.#found.set(name, (this.#found.get(name) ?? 0) + 1);
  }

  /** A sentence for each count that the header has and the file does not come to. */
  differences(): string[] {
    const sentences: string[] = [];
    for (const [name, found] of this.#found) {
      const said = this.#header.wholeOr(name, 0, LIMIT, -1);
      if (said === -1 || said === found) continue;
      sentences.push(`The header counts ${said} ${name}, the file has ${found}.`);
    }
    return sentences;
  }
}
