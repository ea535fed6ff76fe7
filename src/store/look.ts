/** How the page looks at what runs: theme, colour mode, legend filter, panels. */
import type { ColourMode } from '../engine/frame.ts';
import { rememberLetters } from './letter-keys.ts';
import type { Page } from './page.ts';
import type { PageState } from './page-state.ts';
import { nextTheme, rememberTheme, type Theme } from './theme.ts';

type Toggle =
  'exportOpen' | 'shareOpen' | 'logOpen' | 'helpOpen' | 'studyOpen' | 'tableOpen' | 'paletteOpen';

export class Look {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  setTheme(theme: Theme): void {
    rememberTheme(theme);
    this.#page.set({ theme });
  }

  nextTheme(): void {
    this.setTheme(nextTheme(this.#page.state.theme));
  }

  setColourMode(mode: ColourMode): void {
    this.#page.set({ colourMode: mode, hidden: new Set() });
    this.#page.client.post({ kind: 'colour', mode });
  }

  /** Switches one legend entry off or on again. */
  toggleEntry(key: string): void {
    const hidden = new Set(this.#page.state.hidden);
    if (!hidden.delete(key)) hidden.add(key);
    this.#page.set({ hidden });
  }

  /** Leaves one legend entry on and `others` off; asked again, brings all back. */
  isolateEntry(key: string, others: ReadonlySet<string>): void {
    const { hidden } = this.#page.state;
    const alone = !hidden.has(key) && [...others].every((entry) => hidden.has(entry));
    this.#page.set({ hidden: alone ? new Set() : others });
  }

  toggle(panel: Toggle): void {
    this.#page.set({ [panel]: !this.#page.state[panel] });
  }

  /** Whether single characters are keys; remembered like the theme. */
  setLetterKeys(letterKeys: boolean): void {
    rememberLetters(letterKeys);
    this.#page.set({ letterKeys });
  }

  setRailTab(railTab: PageState['railTab']): void {
    this.#page.set({ railTab });
  }

  /** The first click or key: the notes have done their work. */
  touch(): void {
    if (!this.#page.state.touched) this.#page.set({ touched: true });
  }
}
