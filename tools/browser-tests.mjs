// Serves the built page and runs e2e/ against it in the browser that is there.
import { findBrowser } from './browser.mjs';
import { serve } from './serve.mjs';
import { runBrowserTests } from './test-counts.mjs';

/** Below a folder, as on a static host: an absolute path anywhere in the page would fail. */
const MOUNT = '/some/folder/';

/** @param {readonly string[]} [args] more arguments for Playwright */
export async function testInBrowser(args = []) {
  const { source, version, executablePath, env } = findBrowser();
  process.stdout.write(`${version} (${source})\n`);
  const { url, close } = await serve({ mount: MOUNT, port: 0 });
  try {
    return await runBrowserTests(args, {
      BOUNCESCOPE_URL: url,
      BOUNCESCOPE_BROWSER: JSON.stringify({ executablePath, env }),
    });
  } finally {
    await close();
  }
}
