/**
 * The page allocator's side of the engine. Only machines that have one need it, so it is fetched when
 * the first of them is built, and what was on the screen stays there until then.
 */
import type { MakePages } from '../engine/guest-memory.ts';

/** Fetches it; rejects when it cannot be had. May be asked again. */
export type FetchPages = () => Promise<MakePages>;

/** What a machine with a page allocator meets before that has been fetched. */
class PagesMissing extends Error {}

/** What became of something that had to wait for it. */
export interface LateWork {
  /** Builds the machine. Nothing is changed by it before its memory is made. */
  readonly work: () => void;
  /** Whether it still is wanted when it can be done. */
  readonly isWanted: () => boolean;
  /** It was wanted, and cannot be done. */
  readonly failed: (error: unknown) => void;
  /** It was done, or not, later than `attempt` returned. */
  readonly ended: () => void;
}

/** One per host. */
export class LatePages {
  readonly #fetch: FetchPages;
  #make: MakePages | null = null;

  constructor(fetch: FetchPages) {
    this.#fetch = fetch;
  }

  /** To be given to simulations that are built within `attempt`. */
  readonly make: MakePages = (...machine) => {
    if (this.#make === null) throw new PagesMissing();
    return this.#make(...machine);
  };

  /** Does the work at once or, where it turns out to need what is not there yet, after that is. */
  attempt(late: LateWork): void {
    try {
      late.work();
    } catch (error) {
      if (error instanceof PagesMissing) void this.#whenFetched(late);
      else late.failed(error);
    }
  }

  async #whenFetched({ work, isWanted, failed, ended }: LateWork): Promise<void> {
    try {
      this.#make ??= await this.#fetch().catch(() => {
        throw new RangeError(
          'this machine needs the page allocator, a part of this page that could not be loaded',
        );
      });
      if (isWanted()) work();
    } catch (error) {
      if (isWanted()) failed(error);
    }
    ended();
  }
}
