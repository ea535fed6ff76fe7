/** Opens the page: what the address and the system ask for, then the first scenario. */
import { openingLetters } from './letter-keys.ts';
import type { Page } from './page.ts';
import { openingTheme } from './theme.ts';
import { testSurface } from './test-surface.ts';

/** The session in the address, else the scenario it names, else that of a first visit. */
async function openAsked(page: Page, id: string | null): Promise<void> {
  const { hash } = location;
  if (isSessionHash(hash) && (await page.sessions.openLink(hash))) return;
  await page.library.open(id);
}

/** Whether a hash wants to be a session's; `link.ts`, which reads it, is loaded only then. */
const isSessionHash = (hash: string) => hash.startsWith('#s=');

export function openPage(page: Page): void {
  const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const theme = openingTheme(location.search);
  const wear = () => {
    document.documentElement.dataset['theme'] = page.state.theme;
  };
  page.use.subscribe(wear);
  Object.defineProperty(window, 'bouncescope', { value: testSurface(page) });
  const id = new URLSearchParams(location.search).get('scenario');
  page.start({ theme, reducedMotion, letterKeys: openingLetters() });
  void openAsked(page, id);
  // A link that is pasted over this one changes no more than the hash.
  window.addEventListener('hashchange', () => {
    if (isSessionHash(location.hash)) void page.sessions.openLink(location.hash);
  });
  page.loop.whenShown(() => {
    void page.library.prefetch();
    void page.shell.prefetch();
    // Weights that the first picture had no use for.
    for (const face of document.fonts) face.load().catch(() => undefined);
  });
  page.loop.run();
}
