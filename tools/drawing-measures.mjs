// What painting costs, measured by the bench's own page in Chromium: each painter beside the least a
// canvas could do, in one page, taking turns.
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { readdirSync, readFileSync } from 'node:fs';
import { build } from 'vite';
import { DIST } from './build-page.mjs';
import { CACHE, ROOT } from './places.mjs';
import { serve } from './serve.mjs';

/** @typedef {import('@playwright/test').Browser} Browser */

const BENCH_PAGE = path.join(CACHE, 'bench-page');
const ENTRY = 'src/testing/bench-page/index.html';
const PLAN = { rounds: 5, frames: 200 };

/** Builds the bench's page: never a part of the page people open. */
async function buildBenchPage() {
  await build({
    root: ROOT,
    configFile: false,
    base: './',
    logLevel: 'error',
    build: {
      outDir: BENCH_PAGE,
      emptyOutDir: true,
      target: 'es2022',
      rolldownOptions: { input: path.join(ROOT, ENTRY) },
    },
  });
}

/**
 * The page's own door to its bench.
 *
 * @typedef {object} Bench
 * @property {(plan: typeof PLAN) => Promise<Record<string, number>>} drawing
 * @property {(plan: typeof PLAN) => Promise<Record<string, number>>} throttle
 * @property {(plan: typeof PLAN) => Promise<Record<string, number>>} timeline
 * @property {(plan: typeof PLAN) => Promise<Record<string, number>>} memory
 * @property {(plan: typeof PLAN) => Promise<Record<string, number>>} animation
 */

/**
 * @param {Record<string, number>} figures
 * @param {string} name
 */
function figure(figures, name) {
  return figures[name] ?? Number.NaN;
}

/** @param {Record<string, number>} figures milliseconds a frame */
function drawingRatios(figures) {
  const all = figure(figures, 'allChanging');
  const few = figure(figures, 'fewChanging');
  const byHand = figure(figures, 'byHand');
  const bare = figure(figures, 'bare');
  return {
    byHandMs: byHand,
    bareMs: bare,
    allChangingMs: all,
    fewChangingMs: few,
    allOverByHand: all / byHand,
    allOverBare: all / bare,
    fewOverByHand: few / byHand,
  };
}

/** @param {Record<string, number>} figures milliseconds a frame of memory and lane together */
function throttleRatios(figures) {
  const many = figure(figures, 'manyWaiters');
  const few = figure(figures, 'fewWaiters');
  return {
    manyWaitersMs: many,
    fewWaitersMs: few,
    manyOverFew: many / few,
    manyOverByHand: many / figure(figures, 'byHand'),
  };
}

/** @param {Record<string, number>} figures milliseconds a frame */
function timelineRatios(figures) {
  const painted = figure(figures, 'asPainted');
  const byHand = figure(figures, 'byHand');
  const growth = figure(figures, 'growthMany');
  const few = figure(figures, 'growthFew');
  return {
    paintedMs: painted,
    byHandMs: byHand,
    ratio: painted / byHand,
    growthMs: growth,
    growthFewMs: few,
    growthRatio: growth / byHand,
    growthOverFew: growth / few,
  };
}

/**
 * Ratios of the painters against their baselines.
 *
 * @param {Browser} browser
 */
export async function measureDrawing(browser) {
  await buildBenchPage();
  const server = await serve({ port: 0, folder: BENCH_PAGE });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${server.url}${ENTRY}`);
    await page.waitForFunction(() => 'bench' in window);
    /** @param {keyof Bench} name */
    const run = (name) =>
      page.evaluate(([which, plan]) => {
        const { bench } = /** @type {{ bench: Bench }} */ (/** @type {unknown} */ (window));
        return bench[which](plan);
      }, /** @type {[keyof Bench, typeof PLAN]} */ ([name, PLAN]));
    const drawing = await run('drawing');
    const throttle = await run('throttle');
    const lines = await run('timeline');
    const memory = await run('memory');
    const animation = await run('animation');
    await page.close();
    return {
      drawing: drawingRatios(drawing),
      throttle: throttleRatios(throttle),
      timeline: timelineRatios(lines),
      memoryMap: {
        paintedMs: figure(memory, 'memoryMap'),
        overByHand: figure(memory, 'memoryMap') / figure(memory, 'byHand'),
      },
      animation: {
        ...animation,
        ratio: figure(animation, 'paintingP95Ms') / figure(animation, 'idleP95Ms'),
      },
    };
  } finally {
    await server.close();
  }
}

const KILO = 1000;

/** Kilobytes of JavaScript the page and its worker load for the first picture, packed as hosts pack. */
export function measureScripts() {
  const folder = path.join(DIST, 'assets');
  const scripts = readdirSync(folder).filter(
    (name) => name.endsWith('.js') && !name.startsWith('later-'),
  );
  const bytes = scripts.map((name) => gzipSync(readFileSync(path.join(folder, name))).length);
  return { files: scripts.length, gzipKb: bytes.reduce((sum, size) => sum + size, 0) / KILO };
}
