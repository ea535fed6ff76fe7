// `npm run check`: types, lint and format, without running anything.
import { ensureInstall } from './ensure-install.mjs';

ensureInstall();
const { checkFormat, checkLint, checkTypes } = await import('./check-stages.mjs');
const { runStages } = await import('./stages.mjs');

const { failed } = await runStages([
  { name: 'types', run: checkTypes },
  { name: 'lint', run: checkLint },
  { name: 'format', run: checkFormat },
]);
process.exitCode = failed === 0 ? 0 : 1;
