// `npm run --silent bench:page -- [--json]`: what the page and its drawing cost in
// Chromium, as ratios beside their budgets.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureInstall } from './ensure-install.mjs';
import { CACHE } from './places.mjs';

ensureInstall();
const { launchBrowser } = await import('./browser.mjs');
const { buildPage } = await import('./build-page.mjs');
const { measureDrawing, measureScripts } = await import('./drawing-measures.mjs');
const { measureFirstPaint, measureFrames, measureScrubbing } = await import('./page-measures.mjs');
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
      ...(await measureDrawing(browser)),
      scripts: measureScripts(),
      firstContentfulPaint: await measureFirstPaint(browser, urls),
      frames: await measureFrames(browser, urls),
      scrub: await measureScrubbing(browser, urls),
    };
  } finally {
    await browser.close();
    await Promise.all([page.close(), empty.close()]);
  }
}

/**
 * What each figure may be at most. U is a palette look-up a slot and putImageData, B putImageData
 * alone, both over 524,288 slots.
 *
 * @type {Record<string, Record<string, { most: number, of: string }>>}
 */
const BUDGETS = {
  drawing: {
    allOverByHand: { most: 1.5, of: 'U, all slots changing' },
    allOverBare: { most: 8, of: 'B, all slots changing' },
    fewOverByHand: { most: 0.6, of: 'U, 1 % changing' },
  },
  throttle: {
    manyOverFew: { most: 1.3, of: 'ten waiters, memory and queue, 10,000 waiters' },
    manyOverByHand: { most: 1, of: 'U, memory and queue, 1 % changing, 10,000 waiters' },
  },
  timeline: {
    ratio: { most: 3, of: 'a min/max canvas, 100,000 points' },
    growthRatio: { most: 3, of: 'the same canvas; whole growth timeline, 10,000,000 events' },
    growthOverFew: { most: 1.5, of: 'the growth timeline of 1,000 events' },
  },
  memoryMap: {
    overByHand: { most: 5, of: 'U; all 32,768 pageblocks of 64 GiB, five times a second' },
  },
  animation: {
    ratio: { most: 1.5, of: 'an idle page, p95 between frames' },
    paintingLongTasks: { most: 0, of: 'long tasks' },
  },
  scripts: { gzipKb: { most: 200, of: 'kB, page and worker' } },
  firstContentfulPaint: { ratio: { most: 6, of: 'an empty page' } },
  frames: {
    ratio: { most: 1.5, of: 'an idle page, p95 between frames' },
    longTasks: { most: 0, of: 'long tasks' },
  },
  scrub: {
    ratio: { most: 1.5, of: 'an idle page, p95 between frames; the playhead dragged' },
    longTasks: { most: 0, of: 'long tasks' },
  },
};

/**
 * @param {string} section
 * @param {string} name
 */
function budgetOf(section, name) {
  const budget = BUDGETS[section]?.[name];
  return budget ? `   at most ${budget.most} (${budget.of})` : '';
}

if (!(await buildPage())) process.exit(1);
const result = await measure();
if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
} else {
  for (const [section, figures] of Object.entries(result)) {
    process.stdout.write(`${section}\n`);
    for (const [name, value] of Object.entries(figures)) {
      const figure = `  ${name.padEnd(18)} ${value.toFixed(3).padStart(10)}`;
      process.stdout.write(`${figure}${budgetOf(section, name)}\n`);
    }
  }
}
