// What opening and running the page costs, each beside an empty page on the same machine in the same
// minute. Ratios travel between machines; milliseconds do not.

/** @typedef {import('@playwright/test').Browser} Browser */
/** @typedef {import('@playwright/test').Page} Page */

const ROUNDS = 5;
const FRAMES = 200;
/** For the run to reach its stride before frames are counted. */
const WARM_UP_MS = 2000;

/**
 * @param {readonly number[]} values
 * @param {number} share 0.5 for the median, 0.95 for the 95th percentile
 */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.floor(sorted.length * share));
  return sorted[at] ?? Number.NaN;
}

/** @param {readonly number[]} values */
const median = (values) => quantile(values, 0.5);

/**
 * First contentful paint of a page never seen before, in ms.
 *
 * @param {Browser} browser
 * @param {string} url
 */
async function firstPaint(browser, url) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(url);
    const paint = await page.waitForFunction(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    );
    return Number(await paint.jsonValue());
  } finally {
    await context.close();
  }
}

/**
 * Runs in the page: times between frames in ms, and long tasks meanwhile.
 *
 * @param {number} count
 * @returns {Promise<{ gapsMs: number[], longTasks: number }>}
 */
function watchFrames(count) {
  return new Promise((resolve) => {
    let longTasks = 0;
    const observer = new PerformanceObserver((list) => {
      longTasks += list.getEntries().length;
    });
    observer.observe({ type: 'longtask' });
    /** @type {number[]} */
    const gapsMs = [];
    let last = performance.now();
    const tick = () => {
      const now = performance.now();
      gapsMs.push(now - last);
      last = now;
      if (gapsMs.length < count) {
        requestAnimationFrame(tick);
        return;
      }
      observer.disconnect();
      resolve({ gapsMs, longTasks });
    };
    requestAnimationFrame(tick);
  });
}

/**
 * First contentful paint, page over empty page.
 *
 * @param {Browser} browser
 * @param {{ page: string, empty: string }} urls
 */
export async function measureFirstPaint(browser, urls) {
  const page = [];
  const empty = [];
  for (let round = 0; round < ROUNDS; round++) {
    page.push(await firstPaint(browser, urls.page));
    empty.push(await firstPaint(browser, urls.empty));
  }
  return { pageMs: median(page), emptyMs: median(empty), ratio: median(page) / median(empty) };
}

/**
 * 95th percentile of the time between frames while the page runs, over an idle page's; and the long
 * tasks (over 50 ms) of all rounds together.
 *
 * @param {Browser} browser
 * @param {{ page: string, empty: string }} urls
 */
export async function measureFrames(browser, urls) {
  const rounds = { page: /** @type {number[]} */ ([]), empty: /** @type {number[]} */ ([]) };
  let longTasks = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (const which of /** @type {const} */ (['page', 'empty'])) {
      // One page at a time: a second one in the background would take its share of the machine.
      const page = await browser.newPage();
      await page.goto(urls[which]);
      await page.waitForTimeout(WARM_UP_MS);
      const seen = await page.evaluate(watchFrames, FRAMES);
      rounds[which].push(quantile(seen.gapsMs, 0.95));
      if (which === 'page') longTasks += seen.longTasks;
      await page.close();
    }
  }
  const [page, empty] = [median(rounds.page), median(rounds.empty)];
  return { pageP95Ms: page, emptyP95Ms: empty, ratio: page / empty, longTasks };
}

/** Wall time that a run is played before it is scrubbed, and how often the playhead is let go. */
const PLAY_MS = 4000;
const SCRUB_ROUNDS = 3;

/**
 * Runs in the page: drags the playhead to and fro over what was played, once with each frame.
 *
 * @param {number} count
 * @returns {Promise<{ gapsMs: number[], longTasks: number, places: number }>}
 */
function scrubFrames(count) {
  return new Promise((resolve, reject) => {
    const axis = document.querySelector('.timeline-playhead');
    const surface = /** @type {{ bouncescope?: any }} */ (/** @type {unknown} */ (window));
    if (axis === null) {
      reject(new Error('there is no playhead'));
      return;
    }
    const box = axis.getBoundingClientRect();
    const most = Number(axis.getAttribute('aria-valuenow'));
    let longTasks = 0;
    const observer = new PerformanceObserver((list) => {
      longTasks += list.getEntries().length;
    });
    observer.observe({ type: 'longtask' });
    /** @type {number[]} */
    const gapsMs = [];
    /** @type {Set<number>} */
    const places = new Set();
    let last = performance.now();
    const point = (/** @type {string} */ kind, /** @type {number} */ share) =>
      axis.dispatchEvent(
        new PointerEvent(kind, {
          bubbles: true,
          pointerId: 1,
          clientX: box.left + 54 + share * (box.width - 170),
          clientY: box.top + box.height / 2,
        }),
      );
    // A pointer that is made up cannot be captured.
    axis.setPointerCapture = () => undefined;
    point('pointerdown', 0.5);
    const tick = () => {
      const now = performance.now();
      gapsMs.push(now - last);
      last = now;
      places.add(surface.bouncescope?.frame()?.event ?? 0);
      if (gapsMs.length < count && most > 0) {
        point('pointermove', 0.25 + 0.2 * Math.sin(gapsMs.length / 15));
        requestAnimationFrame(tick);
        return;
      }
      point('pointerup', 0.5);
      observer.disconnect();
      resolve({ gapsMs, longTasks, places: places.size });
    };
    requestAnimationFrame(tick);
  });
}

/**
 * 95th percentile of the time between frames while the playhead is dragged, over an idle page's; the
 * long tasks of all rounds; and the share of the frames that showed another place of the run.
 *
 * @param {Browser} browser
 * @param {{ page: string, empty: string }} urls
 */
export async function measureScrubbing(browser, urls) {
  const rounds = { page: /** @type {number[]} */ ([]), empty: /** @type {number[]} */ ([]) };
  let longTasks = 0;
  let places = 0;
  for (let round = 0; round < SCRUB_ROUNDS; round++) {
    const page = await browser.newPage();
    await page.goto(`${urls.page}?scenario=too-small`);
    await page.waitForSelector('.timeline-playhead');
    await page.waitForTimeout(PLAY_MS);
    const seen = await page.evaluate(scrubFrames, FRAMES);
    rounds.page.push(quantile(seen.gapsMs, 0.95));
    longTasks += seen.longTasks;
    places += seen.places / FRAMES / SCRUB_ROUNDS;
    await page.close();
    const empty = await browser.newPage();
    await empty.goto(urls.empty);
    await empty.waitForTimeout(WARM_UP_MS);
    rounds.empty.push(quantile((await empty.evaluate(watchFrames, FRAMES)).gapsMs, 0.95));
    await empty.close();
  }
  const [page, empty] = [median(rounds.page), median(rounds.empty)];
  return {
    pageP95Ms: page,
    emptyP95Ms: empty,
    ratio: page / empty,
    longTasks,
    placesPerFrame: places,
  };
}
