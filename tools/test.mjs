// `npm test`: everything a change must pass. The last line is always `N passed, N failed`.
import { tryInstall } from './ensure-install.mjs';

/** @returns {Promise<import('./stages.mjs').Counts>} */
async function testEverything() {
  if (!tryInstall()) return { passed: 0, failed: 1 };
  const { testInBrowser } = await import('./browser-tests.mjs');
  const { buildPage } = await import('./build-page.mjs');
  const { checkFormat, checkLint, checkTypes } = await import('./check-stages.mjs');
  const { runCommand } = await import('./command.mjs');
  const { runStages } = await import('./stages.mjs');
  const { runUnitTests } = await import('./test-counts.mjs');
  return runStages([
    { name: 'types', run: checkTypes },
    { name: 'lint', run: checkLint },
    { name: 'format', run: checkFormat },
    { name: 'unit and property tests', run: runUnitTests },
    { name: 'build', run: () => buildPage({ always: true }) },
    { name: 'size budget', run: () => runCommand('size-limit', 'size-limit', []) },
    { name: 'browser tests', run: () => testInBrowser() },
  ]);
}

const { passed, failed } = await testEverything();
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
