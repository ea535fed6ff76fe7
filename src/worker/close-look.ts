/** What the page asked to know about single slots, answered at once and with every frame. */
import type { Run } from '../engine/run.ts';
import { slotDetail, slotStory, type SlotRef } from '../engine/slot-story.ts';
import type { Command, Report } from './protocol.ts';

/** The slot hovered, the slot pinned and the stretch looked at closely. */
export class CloseLook {
  readonly #post: (report: Report) => void;
  #hovered: SlotRef | null = null;
  #pinned: SlotRef | null = null;
  #from: SlotRef | null = null;
  #count = 0;

  constructor(post: (report: Report) => void) {
    this.#post = post;
  }

  /** Changes what is asked, and answers. */
  ask(command: Extract<Command, { kind: 'hover' | 'pin' | 'detail' }>, run: Run): void {
    if (command.kind === 'hover') {
      this.#hovered = command.at;
      this.#tellHovered(run);
    } else if (command.kind === 'pin') {
      this.#pinned = command.at;
      this.#tellPinned(run);
    } else {
      this.#from = command.from;
      this.#count = command.count;
      this.#tellDetail(run);
    }
  }

  /** Answers again whatever is still asked. */
  renew(run: Run): void {
    if (this.#hovered !== null) this.#tellHovered(run);
    if (this.#pinned !== null) this.#tellPinned(run);
    if (this.#from !== null) this.#tellDetail(run);
  }

  /** The slots asked about are of a run that is gone. */
  forget(): void {
    this.#hovered = null;
    this.#pinned = null;
    this.#from = null;
  }

  #tellHovered(run: Run): void {
    this.#post({ kind: 'hovered', story: this.#hovered && slotStory(run, this.#hovered) });
  }

  #tellPinned(run: Run): void {
    this.#post({ kind: 'pinned', story: this.#pinned && slotStory(run, this.#pinned) });
  }

  #tellDetail(run: Run): void {
    this.#post({
      kind: 'detail',
      detail: this.#from && slotDetail(run, this.#from, this.#count),
    });
  }
}
