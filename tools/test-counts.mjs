// Runs the two test runners and counts from their own reports. A skipped test counts as failed: it
// proves nothing, and the sum must not hide it.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from './command.mjs';
import { CACHE } from './places.mjs';

/** @typedef {import('./stages.mjs').Outcome} Outcome */

/**
 * @param {string} name
 * @returns {string} an absolute path where no report is yet
 */
function freshReport(name) {
  const file = path.join(CACHE, 'reports', name);
  mkdirSync(path.dirname(file), { recursive: true });
  rmSync(file, { force: true });
  return file;
}

/** @param {number} skipped */
function reportSkipped(skipped) {
  if (skipped > 0) process.stdout.write(`${skipped} skipped, counted as failed\n`);
}

/**
 * Unit and property tests, once.
 *
 * @returns {Promise<Outcome>}
 * @throws Error when vitest ended without a report
 */
export async function runUnitTests() {
  const report = freshReport('vitest.json');
  const ended = await runCommand('vitest', 'vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  const result = JSON.parse(readFileSync(report, 'utf8'));
  const passed = result.numPassedTests;
  const failed = result.numTotalTests - passed;
  reportSkipped(failed - result.numFailedTests);
  return { ok: ended && result.success && failed === 0, passed, failed };
}

/**
 * Browser tests, once; the page must have been built.
 *
 * @param {readonly string[]} args more arguments for Playwright
 * @param {Record<string, string>} env what e2e/playwright.config.ts reads
 * @returns {Promise<Outcome>}
 * @throws Error when Playwright ended without a report
 */
export async function runBrowserTests(args, env) {
  const report = freshReport('playwright.json');
  const ended = await runCommand(
    '@playwright/test',
    'playwright',
    ['test', '--config=e2e/playwright.config.ts', ...args],
    { ...env, BOUNCESCOPE_E2E_REPORT: report },
  );
  const { stats } = JSON.parse(readFileSync(report, 'utf8'));
  reportSkipped(stats.skipped);
  const failed = stats.unexpected + stats.flaky + stats.skipped;
  return { ok: ended && failed === 0, passed: stats.expected, failed };
}
