// `npm run --silent replay -- FILE...`: vectors and recordings against the model.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { endWithPipe } from './closed-pipe.mjs';
import { ensureInstall } from './ensure-install.mjs';
import { asTyped } from './places.mjs';

endWithPipe();
ensureInstall();
const { importBundled } = await import('./bundle.mjs');
const { replayMain } = await importBundled('src/trace/replay-main.ts');

process.exitCode = await replayMain(process.argv.slice(2), {
  /** @param {string} name */
  readFile: (name) => readFile(asTyped(name)),
  /** @param {string} name */
  exists: (name) => existsSync(asTyped(name)),
  /** @param {string} line */
  print: (line) => {
    process.stdout.write(`${line}\n`);
  },
});
