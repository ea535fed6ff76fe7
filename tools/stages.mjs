// Runs named stages one after the other, says what it is doing and how long it took, and stops at the
// first that fails.

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 */

/**
 * What a stage that ran to its end found out: true or false, and counts where it ran tests.
 * @typedef {{ ok: boolean } & Counts} Outcome
 */

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {() => Promise<boolean | Outcome>} run
 */

/**
 * @param {Stage} stage
 * @returns {Promise<Outcome>}
 */
async function runStage({ name, run }) {
  process.stdout.write(`\n== ${name}\n`);
  const started = performance.now();
  let result;
  try {
    result = await run();
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
    result = false;
  }
  const outcome = typeof result === 'boolean' ? { ok: result, passed: 0, failed: 0 } : result;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`== ${name}: ${outcome.ok ? 'done' : 'FAILED'} in ${seconds} s\n`);
  return outcome;
}

/**
 * @param {readonly Stage[]} stages
 * @returns {Promise<Counts>} summed over the stages that ran; a failed stage without a failed test in
 *   it counts as one failed, so that the sum is never green when the run was not
 */
export async function runStages(stages) {
  const sum = { passed: 0, failed: 0 };
  for (const stage of stages) {
    const { ok, passed, failed } = await runStage(stage);
    sum.passed += passed;
    sum.failed += ok ? failed : Math.max(failed, 1);
    if (ok) continue;
    const left = stages.slice(stages.indexOf(stage) + 1).map(({ name }) => name);
    if (left.length > 0) process.stdout.write(`\nNot run: ${left.join(', ')}\n`);
    break;
  }
  return sum;
}
