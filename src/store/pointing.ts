/** What the user points at: a hovered slot, a pinned one, and the slots looked at closely. */
import type { SlotRef, SlotStory } from '../worker/protocol.ts';
import type { Page } from './page.ts';

export function sameSlot(one: SlotRef | null, other: SlotRef | null): boolean {
  return one?.pool === other?.pool && one?.slot === other?.slot;
}

export class Pointing {
  readonly #page: Page;
  #hover: SlotRef | null = null;
  #detailFrom: SlotRef | null = null;
  #detailCount = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  get hoveredAt(): SlotRef | null {
    return this.#hover;
  }

  hover(at: SlotRef | null): void {
    if (sameSlot(at, this.#hover)) return;
    this.#hover = at;
    if (!at) this.#page.set({ hovered: null });
    this.#page.client.post({ kind: 'hover', at });
    this.#page.loop.touch();
  }

  pin(at: SlotRef | null): void {
    this.#page.set({ pinnedAt: at, pinned: null });
    this.#page.client.post({ kind: 'pin', at });
  }

  /** What the worker tells of the pinned slot; a story that comes after it was let go is dropped. */
  told(story: SlotStory | null): void {
    if (this.#page.state.pinnedAt) this.#page.set({ pinned: story });
  }

  /** Asks for the four fields of `count` slots from `from` on, with every frame. */
  lookClosely(from: SlotRef | null, count: number): void {
    if (sameSlot(from, this.#detailFrom) && count === this.#detailCount) return;
    this.#detailFrom = from;
    this.#detailCount = count;
    this.#page.client.post({ kind: 'detail', from, count });
  }

  /** Something else was loaded: the worker has forgotten what was pointed at. */
  forget(): void {
    this.#hover = null;
    this.#detailFrom = null;
    this.#detailCount = 0;
  }
}
