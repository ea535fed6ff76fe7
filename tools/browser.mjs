// Finds a Chromium to drive: CHROMIUM_PATH, Playwright's own, one of the system, the one npm brings.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { isEntry } from './places.mjs';
import { shippedBrowser } from './shipped-browser.mjs';

/**
 * @typedef {object} Browser
 * @property {string} source where it came from, for people
 * @property {string} executablePath
 * @property {Record<string, string>} env variables it needs to start
 * @property {string} version as it names itself
 */

const SYSTEM_NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge',
];

const ADVICE = [
  'To get one: as root on Debian or Ubuntu `apt-get install -y chromium`,',
  'or `npx playwright install --with-deps chromium`, or set CHROMIUM_PATH to a Chromium or Chrome.',
].join('\n');

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} source
 * @param {string} executablePath
 * @param {Record<string, string>} [env]
 * @returns {Browser | null} null when it does not start
 */
function tryBrowser(source, executablePath, env = {}) {
  if (!isExecutable(executablePath)) return null;
  const result = spawnSync(executablePath, ['--version'], {
    env: { ...process.env, ...env },
    timeout: 20_000,
    encoding: 'utf8',
  });
  if (result.status !== 0) return null;
  return { source, executablePath, env, version: result.stdout.trim() };
}

/** @returns {Browser | null} */
function fromSystem() {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  for (const folder of folders) {
    for (const name of SYSTEM_NAMES) {
      const found = tryBrowser('system', path.join(folder, name));
      if (found) return found;
    }
  }
  return null;
}

/** @returns {Browser | string} or why not */
function fromNpm() {
  const shipped = shippedBrowser();
  if (typeof shipped === 'string') return shipped;
  for (const env of shipped.environments) {
    const found = tryBrowser('npm', shipped.executablePath, env);
    if (found) return found;
  }
  return `${shipped.executablePath} does not start`;
}

/**
 * @returns {Browser}
 * @throws Error with what was tried and what to do, when there is none
 */
export function findBrowser() {
  const named = process.env['CHROMIUM_PATH'];
  if (named) {
    const found = tryBrowser('CHROMIUM_PATH', named);
    if (found) return found;
    throw new Error(`CHROMIUM_PATH is ${named}, which does not start.`);
  }
  const found = tryBrowser('Playwright', chromium.executablePath()) ?? fromSystem();
  if (found) return found;
  const shipped = fromNpm();
  if (typeof shipped !== 'string') return shipped;
  throw new Error(
    `No Chromium to run the browser tests: neither Playwright's own nor one on the PATH starts; ` +
      `the one from npm: ${shipped}.\n${ADVICE}`,
  );
}

/**
 * Starts the browser without a window.
 *
 * @returns {Promise<import('@playwright/test').Browser>}
 */
export function launchBrowser() {
  const { executablePath, env } = findBrowser();
  return chromium.launch({ executablePath, env: { ...definedEnvironment(), ...env } });
}

/** Our own environment, as Playwright's types want it. */
function definedEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}

if (isEntry(import.meta)) {
  const { source, executablePath, version } = findBrowser();
  process.stdout.write(`${version} (${source}): ${executablePath}\n`);
}
