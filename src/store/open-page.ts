/** Opens the page: what the address and the system ask for, then the first scenario. */
import { openingLetters } from './letter-keys.ts';
import type { Page } from './page.ts';
import { openingTheme } from './theme.ts';
import { testSurface } from './test-surface.ts';

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
  void page.library.open(id);
  page.loop.whenShown(() => {
    void page.library.prefetch();
    void page.shell.prefetch();
    // Weights that the first picture had no use for.
    for (const face of document.fonts) face.load().catch(() => undefined);
  });
  page.loop.run();
}
