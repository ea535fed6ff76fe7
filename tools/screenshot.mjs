// `npm run screenshot`: the page as a picture, for the README and for looking at our own work.
//
//   --out=FILE        default public/screenshot.png
//   --size=WxH        window in CSS pixels, default 1440x900
//   --theme=NAME      dark (default), light or projector
//   --scenario=ID     default: the one the page opens on
//   --wait=MS         how long to let it run before the picture, default 2000
//   --full            the whole page, not only the window
//   --reduced-motion  as a person sees it who asked for less motion
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstall } from './ensure-install.mjs';
import { asTyped, ROOT } from './places.mjs';

ensureInstall();
const { launchBrowser } = await import('./browser.mjs');
const { buildPage } = await import('./build-page.mjs');
const { serve } = await import('./serve.mjs');

function options() {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      size: { type: 'string', default: '1440x900' },
      theme: { type: 'string', default: 'dark' },
      scenario: { type: 'string' },
      wait: { type: 'string', default: '2000' },
      full: { type: 'boolean', default: false },
      'reduced-motion': { type: 'boolean', default: false },
    },
  });
  const size = /^(\d+)x(\d+)$/.exec(values.size);
  if (!size) throw new Error(`--size is "${values.size}"; expected for example 1440x900`);
  if (!/^\d+$/.test(values.wait))
    throw new Error(`--wait is "${values.wait}"; expected milliseconds`);
  const query = new URLSearchParams({ theme: values.theme });
  if (values.scenario !== undefined) query.set('scenario', values.scenario);
  return {
    out:
      values.out === undefined ? path.join(ROOT, 'public', 'screenshot.png') : asTyped(values.out),
    viewport: { width: Number(size[1]), height: Number(size[2]) },
    query,
    waitMs: Number(values.wait),
    fullPage: values.full,
    reducedMotion: values['reduced-motion'] ? /** @type {const} */ ('reduce') : null,
  };
}

/**
 * @param {string} url of the served page
 * @param {ReturnType<typeof options>} wanted
 */
async function takePicture(url, wanted) {
  const browser = await launchBrowser();
  try {
    const { viewport, reducedMotion } = wanted;
    const page = await browser.newPage({ viewport, reducedMotion });
    page.on('pageerror', (error) => process.stderr.write(`page error: ${error.message}\n`));
    page.on('console', (message) => {
      if (message.type() === 'error') process.stderr.write(`page: ${message.text()}\n`);
    });
    await page.goto(`${url}?${wanted.query}`, { waitUntil: 'load' });
    await page.evaluate(() => document.fonts.ready.then(() => null));
    await page.waitForTimeout(wanted.waitMs);
    await page.screenshot({ path: wanted.out, fullPage: wanted.fullPage });
  } finally {
    await browser.close();
  }
}

const wanted = options();
if (!(await buildPage())) process.exit(1);
const { url, close } = await serve({ port: 0 });
try {
  await takePicture(url, wanted);
  process.stdout.write(`${wanted.out}\n`);
} finally {
  await close();
}
