// `npm run -s study -- tesarik-2023`: a published benchmark, rerun in the model.
import { endWithPipe } from './closed-pipe.mjs';
import { ensureInstall } from './ensure-install.mjs';

endWithPipe();
ensureInstall();
const { importBundled } = await import('./bundle.mjs');
const { studyMain } = await importBundled('src/scenarios/study/study-main.ts');

process.exitCode = studyMain(process.argv.slice(2), {
  /** @param {string} line */
  print: (line) => {
    process.stdout.write(`${line}\n`);
  },
  /** @param {{ done: number, total: number, machine: string, load: string, variant: string }} at */
  progress: ({ done, total, machine, load, variant }) => {
    if (!process.stderr.isTTY) return;
    const last = done === total - 1;
    const text = `run ${done + 1} of ${total}: ${machine} ${load} ${variant}`;
    process.stderr.write(`\r${text.padEnd(48)}${last ? '\r' : ''}`);
  },
});
if (process.stderr.isTTY) process.stderr.write(`\r${' '.repeat(48)}\r`);
