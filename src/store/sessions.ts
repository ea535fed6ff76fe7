/**
 * Sessions on their way out and in. What packs, reads and checks them is loaded when it is wanted; here
 * is what the page must know of them before.
 */
import type { RunPast } from '../worker/protocol.ts';
import type { Page } from './page.ts';
import type { SessionCheck } from './session-check.ts';
import type * as SessionDesk from './session-desk.ts';
import type { Session } from './session.ts';

/** What the share dialog shows. */
export interface Shared {
  readonly session: Session;
  /** The whole address, or null where it would be longer than links are. */
  readonly link: string | null;
  /** Characters of the link, also of one that is too long. */
  readonly chars: number;
  /** The session as a file holds it. */
  readonly file: string;
}

export class Sessions {
  readonly #page: Page;
  readonly #waiting = new Map<number, (past: RunPast | null) => void>();
  #id = 0;
  /** The session that is on its way in. */
  #coming: Session | null = null;
  /** Counts what was asked to be opened: what is read too late is dropped. */
  #asked = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  /** How the run came to where it stands; null for a recording, or where nothing runs. */
  past(): Promise<RunPast | null> {
    const id = ++this.#id;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#page.client.post({ kind: 'record', id });
    });
  }

  answer(id: number, past: RunPast | null): void {
    this.#waiting.get(id)?.(past);
    this.#waiting.delete(id);
  }

  /** The worker is gone, or has nothing: nobody will answer. */
  abandon(): void {
    for (const id of this.#waiting.keys()) this.answer(id, null);
  }

  /** The session that the page is in now, as link and as file; null where there is none. */
  async share(): Promise<Shared | null> {
    const past = await this.past();
    if (past === null) return null;
    const { shared } = await import('./session-desk.ts');
    return shared(this.#page, past);
  }

  /**
   * Opens the session in the hash of an address.
   *
   * @returns whether it is on its way; else it was said why not, and nothing has changed.
   */
  async openLink(hash: string): Promise<boolean> {
    return this.#read('The link', ({ readHash }) => readHash(this.#page, hash));
  }

  /** Opens the text of a session file. */
  async openText(name: string, text: string): Promise<boolean> {
    return this.#read(`“${name}”`, ({ readText }) => readText(this.#page, text));
  }

  /** Something is about to be loaded: a session, or something else in its place. */
  expect(session: Session | null): void {
    this.#coming = session;
    this.#asked++;
  }

  /** What was asked for is there: if it is a session, it is looked at as its sender did. */
  loaded(): void {
    const session = this.#coming;
    this.#coming = null;
    if (session === null) return;
    const { view, pinned, hash } = session;
    const page = this.#page;
    page.look.setColourMode(view.colourMode);
    page.set({
      theme: view.theme,
      railTab: view.railTab,
      hidden: new Set(view.hidden),
      tableOpen: view.tableOpen,
      logOpen: view.logOpen,
    });
    if (pinned !== null) page.pointing.pin(pinned);
    if (hash !== '') void this.#compare(hash);
  }

  /** It could not be loaded. @returns whether it was a session that the page was to begin with. */
  refused(): boolean {
    const wasComing = this.#coming !== null;
    this.#coming = null;
    this.#page.set({ opening: null });
    return wasComing && this.#page.state.machine === null;
  }

  async #read(
    what: string,
    read: (desk: typeof SessionDesk) => Promise<SessionCheck>,
  ): Promise<boolean> {
    const asked = ++this.#asked;
    const page = this.#page;
    try {
      const answer = await read(await import('./session-desk.ts'));
      if (asked !== this.#asked) return true;
      if (answer.kind === 'ok') page.opener.openSession(answer.session);
      else page.fault(`${what} cannot be opened: ${answer.fault}.`);
      return answer.kind === 'ok';
    } catch {
      page.fault(`${what} cannot be opened: that part of the page could not be loaded.`);
      return false;
    }
  }

  async #compare(hash: string): Promise<void> {
    const here = await this.#page.hashes.ask().catch(() => hash);
    if (here === hash) return;
    this.#page.fault(
      'The session was opened, but its state here is not the one it was saved with: another version of this page wrote it.',
    );
  }
}
