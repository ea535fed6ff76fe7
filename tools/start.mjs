// `npm start`: from a fresh clone to the page.
import { ensureInstall } from './ensure-install.mjs';

ensureInstall();
const { buildPage } = await import('./build-page.mjs');
const { openUrl } = await import('./open-url.mjs');
const { serve } = await import('./serve.mjs');

/** @returns {Promise<boolean>} whether the page is up */
async function start() {
  process.stdout.write('Building the page ...\n');
  if (!(await buildPage())) return false;
  const { url } = await serve();
  process.stdout.write(`Bouncescope is at ${url}   (Ctrl+C ends it)\n`);
  openUrl(url);
  return true;
}

try {
  if (!(await start())) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
