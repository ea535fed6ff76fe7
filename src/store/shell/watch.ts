/** `watch`: a line run again with the page's numbers, until somebody ends it. */
import type { Page } from '../page.ts';

export interface WatchState {
  /** What is watched and how often, as the first line of the real one says it. */
  readonly title: string;
  readonly lines: readonly string[];
}

export class Watch {
  readonly #page: Page;
  readonly #look: (line: string) => readonly string[];
  #stop: (() => void) | null = null;

  constructor(page: Page, look: (line: string) => readonly string[]) {
    this.#page = page;
    this.#look = look;
  }

  /**
   * Shows what `line` prints until `end`, and is fulfilled then.
   *
   * @param seconds wall seconds between two looks; null: whenever the page has new numbers.
   */
  begin(line: string, seconds: number | null): Promise<void> {
    const title = `Every ${seconds === null ? 'frame' : `${seconds} s`}: ${line}`;
    const everyMs = (seconds ?? 0) * 1000;
    let lookedMs = performance.now();
    const look = () => this.#show({ title, lines: this.#look(line) });
    look();
    const leave = this.#page.use.subscribe((state, before) => {
      if (state.readout === before.readout || performance.now() - lookedMs < everyMs) return;
      lookedMs = performance.now();
      look();
    });
    return new Promise((resolve) => {
      this.#stop = () => {
        leave();
        this.#show(null);
        resolve();
      };
    });
  }

  /** Ends it. @returns what it showed last. */
  end(): readonly string[] {
    const lines = this.#page.state.shell.watch?.lines ?? [];
    this.#stop?.();
    this.#stop = null;
    return lines;
  }

  #show(watch: WatchState | null): void {
    this.#page.use.setState({ shell: { ...this.#page.state.shell, watch } });
  }
}
