// Bundles a TypeScript module of src/ into one file that Node can import: Node 20 runs no TypeScript.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { fingerprint } from './fingerprint.mjs';
import { CACHE, ROOT } from './places.mjs';

const BUNDLES = path.join(CACHE, 'bundles');
const DAY_MS = 86_400_000;

/**
 * Bundles into a folder of its own and renames, so that two runs at once can't see half a file.
 *
 * @param {string} entry relative to the project
 * @param {string} target the bundle's place
 */
async function write(entry, target) {
  mkdirSync(BUNDLES, { recursive: true });
  const temporary = mkdtempSync(path.join(BUNDLES, 'writing-'));
  try {
    await build({
      root: ROOT,
      configFile: false,
      logLevel: 'error',
      build: {
        ssr: path.join(ROOT, entry),
        outDir: temporary,
        target: 'node20',
        minify: false,
        copyPublicDir: false,
        rolldownOptions: { output: { entryFileNames: 'bundle.mjs', codeSplitting: false } },
      },
      ssr: { noExternal: true },
    });
    renameSync(path.join(temporary, 'bundle.mjs'), target);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Removes bundles of sources that are gone; a day later nobody is about to import one. */
function sweep() {
  for (const name of readdirSync(BUNDLES)) {
    const file = path.join(BUNDLES, name);
    const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > DAY_MS) rmSync(file, { recursive: true, force: true });
  }
}

/**
 * The file of the bundle of `entry`, made anew only if something in src/ changed.
 *
 * @param {string} entry relative to the project, for example `src/trace/replay-main.ts`
 * @returns {Promise<string>} absolute path
 */
export async function bundle(entry) {
  const name = path.basename(entry, path.extname(entry));
  const print = fingerprint([entry, 'src', 'package-lock.json', 'tools/bundle.mjs']);
  const target = path.join(BUNDLES, `${name}-${print}.mjs`);
  if (!existsSync(target)) {
    await write(entry, target);
    sweep();
  }
  return target;
}

/**
 * Bundles `entry` and imports it.
 *
 * @param {string} entry
 * @returns {Promise<Record<string, any>>} its exports
 */
export async function importBundled(entry) {
  return import(pathToFileURL(await bundle(entry)).href);
}
