import { defineConfig } from '@playwright/test';

/** `tools/e2e.mjs` finds a browser, serves the built page, and says both here. */
function given(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set: run the tests with \`npm run e2e\``);
  return value;
}

interface GivenBrowser {
  readonly executablePath: string;
  readonly env: Record<string, string>;
}

const { executablePath, env } = JSON.parse(given('BOUNCESCOPE_BROWSER')) as GivenBrowser;
const inherited = Object.entries(process.env).filter(
  (entry): entry is [string, string] => entry[1] !== undefined,
);

const MINUTE_MS = 60_000;

export default defineConfig({
  testDir: '.',
  outputDir: '../node_modules/.cache/bouncescope/e2e',
  // A worker of the tests, a page and its own worker each want a core.
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  timeout: MINUTE_MS,
  globalTimeout: 25 * MINUTE_MS,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: given('BOUNCESCOPE_E2E_REPORT') }]],
  use: {
    baseURL: given('BOUNCESCOPE_URL'),
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath, env: { ...Object.fromEntries(inherited), ...env } },
    screenshot: 'only-on-failure',
  },
});
