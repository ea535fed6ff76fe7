// `npm run --silent bench -- [--json] [section...]`: the speed of the model and of the engine.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import v8 from 'node:v8';
import vm from 'node:vm';
import { endWithPipe } from './closed-pipe.mjs';
import { ensureInstall } from './ensure-install.mjs';
import { ROOT } from './places.mjs';

endWithPipe();
ensureInstall();
const { importBundled } = await import('./bundle.mjs');
const { benchMain } = await importBundled('src/testing/bench/main.ts');

const NS_PER_MS = 1e6;

// What is held is what is left when nothing can be thrown away any more.
v8.setFlagsFromString('--expose-gc');
// Code that has not run for a while would be thrown away, and its bytes be counted as given back.
v8.setFlagsFromString('--no-flush-bytecode');
/** @type {() => void} */
const collect = vm.runInNewContext('gc');

process.exitCode = await benchMain(process.argv.slice(2), {
  /** @param {string} text */
  print: (text) => {
    process.stdout.write(`${text}\n`);
  },
  now: () => performance.now() * NS_PER_MS,
  heldBytes: () => {
    collect();
    collect();
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    return arrayBuffers + heapUsed;
  },
  /** @param {string} name below src/trace/fixtures, for example `vectors/d7-a.csv.gz` */
  readFixture: (name) => readFileSync(path.join(ROOT, 'src', 'trace', 'fixtures', name)),
});
