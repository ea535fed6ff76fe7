// `npm run --silent bench:page -- [--json]`: what the page costs in Chromium, as ratios.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureInstall } from './ensure-install.mjs';
import { CACHE } from './places.mjs';

ensureInstall();
const { launchBrowser } = await import('./browser.mjs');
const { buildPage } = await import('./build-page.mjs');
const { measureFirstPaint, measureFrames } = await import('./page-measures.mjs');
const { serve } = await import('./serve.mjs');

/** Text, because a page without any has no first contentful paint. */
const EMPTY_PAGE = '<!doctype html><html lang="en"><title>empty</title><p>empty</p></html>\n';

/** @returns {string} a folder with nothing but the empty page */
function emptyFolder() {
  const folder = path.join(CACHE, 'empty-page');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'index.html'), EMPTY_PAGE);
  return folder;
}

async function measure() {
  const page = await serve({ port: 0 });
  const empty = await serve({ port: 0, folder: emptyFolder() });
  const urls = { page: page.url, empty: empty.url };
  const browser = await launchBrowser();
  try {
    return {
      firstContentfulPaint: await measureFirstPaint(browser, urls),
      frames: await measureFrames(browser, urls),
    };
  } finally {
    await browser.close();
    await Promise.all([page.close(), empty.close()]);
  }
}

if (!(await buildPage())) process.exit(1);
const result = await measure();
if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
} else {
  for (const [name, figures] of Object.entries(result)) {
    process.stdout.write(`${name}\n`);
    for (const [figure, value] of Object.entries(figures)) {
      process.stdout.write(`  ${figure.padEnd(12)} ${value.toFixed(2).padStart(9)}\n`);
    }
  }
}
