// `npm run e2e -- [playwright arguments]`: builds the page if needed and runs the browser tests.
import { ensureInstall } from './ensure-install.mjs';

ensureInstall();
const { testInBrowser } = await import('./browser-tests.mjs');
const { buildPage } = await import('./build-page.mjs');
const { runStages } = await import('./stages.mjs');

const { passed, failed } = await runStages([
  { name: 'build', run: () => buildPage() },
  { name: 'browser tests', run: () => testInBrowser(process.argv.slice(2)) },
]);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
