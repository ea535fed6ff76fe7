// The Chromium inside the npm package @sparticuz/chromium (Linux x64), unpacked once into the cache.
// It is what a bare machine falls back to: it brings its own libraries and one font.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { CACHE } from './places.mjs';

const require = createRequire(import.meta.url);

/** Unpacks to the system's temporary folder, which we point elsewhere; prints nothing. */
const UNPACK = `
  const { default: chromium } = await import('@sparticuz/chromium');
  await chromium.executablePath();
`;

/**
 * Unpacks beside the final place and renames, so that two runs at once can't see half a browser.
 *
 * @param {string} home where the browser goes
 */
function unpack(home) {
  mkdirSync(CACHE, { recursive: true });
  const temporary = mkdtempSync(path.join(CACHE, 'unpacking-'));
  try {
    const result = spawnSync(process.execPath, ['--input-type=module', '-e', UNPACK], {
      cwd: path.dirname(require.resolve('@sparticuz/chromium')),
      // The package unpacks its libraries only where it believes to be on the service it was made for.
      env: { ...process.env, TMPDIR: temporary, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' },
      encoding: 'utf8',
    });
    if (result.status !== 0) throw new Error(`@sparticuz/chromium: ${result.stderr.trim()}`);
    if (!existsSync(home)) renameSync(temporary, home);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * Without this file Chromium finds no font at all and every text is 0 px wide.
 *
 * @param {string} home
 */
function writeFontsConf(home) {
  const file = path.join(home, 'fonts.conf');
  const folders = ['/usr/share/fonts', path.join(home, 'fonts')];
  const lines = [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    '<fontconfig>',
    ...folders.map((folder) => `<dir>${folder}</dir>`),
    `<cachedir>${path.join(home, 'font-cache')}</cachedir>`,
    '</fontconfig>',
  ];
  writeFileSync(file, lines.join('\n'));
  return file;
}

/**
 * The unpacked browser, and the environments to try it in: first with the system's libraries, then
 * with its own.
 *
 * @returns {{ executablePath: string, environments: Record<string, string>[] } | string} or why not
 */
export function shippedBrowser() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'for Linux on x64 only';
  let version;
  try {
    ({ version } = require(
      path.join(require.resolve('@sparticuz/chromium'), '../../../package.json'),
    ));
  } catch {
    return 'not installed';
  }
  const home = path.join(CACHE, `chromium-${version}`);
  if (!existsSync(home)) unpack(home);
  const fonts = { FONTCONFIG_FILE: writeFontsConf(home) };
  const libraries = [path.join(home, 'al2023', 'lib'), process.env['LD_LIBRARY_PATH'] ?? ''];
  return {
    executablePath: path.join(home, 'chromium'),
    environments: [fonts, { ...fonts, LD_LIBRARY_PATH: libraries.filter(Boolean).join(':') }],
  };
}
