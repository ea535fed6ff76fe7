/** Places of the run that somebody marked, with a name and a note; and the stretch that is looped. */
import type { Page } from './page.ts';
import type { Readout } from './readout.ts';

export interface Bookmark {
  readonly id: number;
  /** Of the branch it was made on. */
  readonly branch: number;
  readonly event: number;
  /** Virtual ns. */
  readonly timeNs: number;
  readonly name: string;
  readonly note: string;
}

/** Longest name and note, characters. */
export const MAX_NAME = 40;
export const MAX_NOTE = 400;
/** More are not kept. */
const MOST = 100;

export class Bookmarks {
  readonly #page: Page;
  #id = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Marks where the run stands. */
  mark(): void {
    const { readout, bookmarks, time } = this.#page.state;
    if (!readout || time.end === null) {
      this.#page.fault(
        'A place can be marked in a run that one can go back in; not here, not yet.',
      );
      return;
    }
    if (bookmarks.length >= MOST) {
      this.#page.fault(`There are ${MOST} bookmarks already: remove one first.`);
      return;
    }
    const { event, timeNs } = readout;
    const id = ++this.#id;
    const branch = time.branches.find(({ isCurrent }) => isCurrent)?.id ?? 1;
    const mark: Bookmark = { id, branch, event, timeNs, name: `Mark ${id}`, note: '' };
    const all = [...bookmarks, mark].toSorted((one, other) => one.timeNs - other.timeNs);
    this.#page.set({ bookmarks: all });
  }

  /** Gives one another name or note, as long as they may be. */
  edit(id: number, part: Partial<Pick<Bookmark, 'name' | 'note'>>): void {
    const { bookmarks } = this.#page.state;
    const edited = bookmarks.map((mark) => {
      if (mark.id !== id) return mark;
      const { name, note } = { ...mark, ...part };
      return { ...mark, name: name.slice(0, MAX_NAME), note: note.slice(0, MAX_NOTE) };
    });
    this.#page.set({ bookmarks: edited });
  }

  remove(id: number): void {
    const { bookmarks } = this.#page.state;
    this.#page.set({ bookmarks: bookmarks.filter((mark) => mark.id !== id) });
  }

  /** Takes the run there, on the branch it was made on, where there still is one. */
  goTo({ branch, event }: Bookmark): void {
    const { branches } = this.#page.state.time;
    const its = branches.find(({ id }) => id === branch);
    if (its === undefined) {
      this.#page.fault('The branch of this bookmark was deleted.');
      return;
    }
    if (!its.isCurrent) this.#page.time.switchTo(branch);
    this.#page.time.toEvent(event);
  }

  /** Plays the selected stretch again and again, or no longer. */
  toggleLoop(): void {
    const { loop, span } = this.#page.state;
    if (loop !== null || span === null) {
      this.#page.set({ loop: null });
      if (loop === null) {
        this.#page.news('Drag over the timeline to select a stretch, then loop it.');
      }
      return;
    }
    this.#page.set({ loop: span });
    this.#begin(span.fromNs);
  }

  /** The run has come to somewhere: at the end of the stretch it begins again. */
  passed({ timeNs, runState }: Readout): void {
    const { loop } = this.#page.state;
    if (loop === null || runState === 'paused' || timeNs < loop.toNs) return;
    this.#begin(loop.fromNs);
  }

  #begin(fromNs: number): void {
    this.#page.time.toTime(fromNs);
    this.#page.transport.play();
  }
}
