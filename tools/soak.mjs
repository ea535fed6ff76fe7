// `npm run soak`: the property tests, fifty times as long (10 million operations). Extra arguments
// go to vitest.
import { ensureInstall } from './ensure-install.mjs';

ensureInstall();
const { runCommand } = await import('./command.mjs');

const args = ['run', '.property.test.', ...process.argv.slice(2)];
const passed = await runCommand('vitest', 'vitest', args, { BOUNCESCOPE_SOAK: '1' });
process.exitCode = passed ? 0 : 1;
