// `npm start`: from a fresh clone to the page.
import { ensureInstall } from './ensure-install.mjs';

ensureInstall();
const { buildPage } = await import('./build-page.mjs');
const { openUrl } = await import('./open-url.mjs');
const { serve } = await import('./serve.mjs');

process.stdout.write('Building the page ...\n');
if (await buildPage()) {
  const { url } = await serve();
  process.stdout.write(`Bouncescope is at ${url}   (Ctrl+C ends it)\n`);
  openUrl(url);
} else {
  process.exitCode = 1;
}
