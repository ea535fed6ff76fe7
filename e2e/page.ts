/**
 * The page as the tests drive it. Every test that takes `app` fails when the page logged an error,
 * threw, asked a third party for anything, or broke its own content security policy.
 */
import { test as base, expect, type Page } from '@playwright/test';
import type { Readout } from '../src/store/readout.ts';
import type { TestSurface } from '../src/store/test-surface.ts';

declare global {
  interface Window {
    readonly bouncescope?: TestSurface;
  }
}

export const SIZES = {
  desk: { width: 1440, height: 900 },
  projector: { width: 1280, height: 720 },
  phone: { width: 390, height: 844 },
} as const;
export type Size = keyof typeof SIZES;

export const THEMES = ['dark', 'light', 'projector'] as const;
export type Theme = (typeof THEMES)[number];

export interface Opening {
  readonly scenario?: string;
  readonly theme?: Theme;
  readonly size?: Size;
  readonly reducedMotion?: boolean;
}

export class App {
  readonly page: Page;
  /** What went wrong on the page so far, a sentence each. */
  readonly faults: string[] = [];
  /** Where the built page is served. */
  readonly #home: string;

  constructor(page: Page, home: string) {
    this.page = page;
    this.#home = home;
    const { origin } = new URL(home);
    page.on('pageerror', (error) => this.faults.push(`page threw: ${error.message}`));
    // Chromium reports violations of the content security policy and failed loads here too.
    page.on('console', (message) => {
      if (message.type() === 'error') this.faults.push(`console: ${message.text()}`);
    });
    page.on('request', (request) => {
      const url = request.url();
      if (/^https?:/.test(url) && !url.startsWith(`${origin}/`)) {
        this.faults.push(`asked a third party: ${url}`);
      }
    });
  }

  /** Opens the page and waits for its first frame. */
  async open(opening: Opening = {}): Promise<void> {
    const { scenario, theme, size = 'desk', reducedMotion = false } = opening;
    await this.page.setViewportSize(SIZES[size]);
    await this.page.emulateMedia({ reducedMotion: reducedMotion ? 'reduce' : 'no-preference' });
    const query = new URLSearchParams();
    if (scenario !== undefined) query.set('scenario', scenario);
    if (theme !== undefined) query.set('theme', theme);
    await this.page.goto(`${this.#home}?${query}`);
    await this.page.waitForFunction(() => (window.bouncescope?.frame() ?? null) !== null);
  }

  /** The counters of the frame on the page now. */
  async state(): Promise<Readout> {
    const frame = await this.page.evaluate(() => window.bouncescope?.frame() ?? null);
    if (frame === null) throw new Error('the page has no frame yet');
    return frame;
  }

  /** Waits until the counters satisfy `wanted`, and returns those that do. */
  async stateWhen(wanted: (state: Readout) => boolean, timeoutMs = 10_000): Promise<Readout> {
    let found: Readout | null = null;
    await expect(async () => {
      const state = await this.state();
      expect(wanted(state)).toBe(true);
      found = state;
    }).toPass({ intervals: [50], timeout: timeoutMs });
    if (found === null) throw new Error('the wait ended without a state');
    return found;
  }

  /** Pauses by the key, and waits until nothing moves: the page shows the pause before the worker. */
  async pause(): Promise<void> {
    await this.page.keyboard.press('k');
    await this.stateWhen(({ runState }) => runState === 'paused');
    await this.hash();
    let event = -1;
    await this.stateWhen((state) => {
      const stands = state.event === event;
      ({ event } = state);
      return stands;
    });
  }

  /** Hash of the allocator's state. */
  async hash(): Promise<string> {
    const hash = await this.page.evaluate(() => window.bouncescope?.hash());
    if (hash === undefined) throw new Error('the page has no test surface');
    return hash;
  }

  /** Takes the faults as expected: for tests that provoke one. */
  forgiveFaults(): void {
    this.faults.length = 0;
  }
}

export const test = base.extend<{ app: App }>({
  app: async ({ page, baseURL }, provide) => {
    if (baseURL === undefined) throw new Error('no address of the page');
    const app = new App(page, baseURL);
    await provide(app);
    expect(app.faults).toEqual([]);
  },
});

export { expect };
