/** Answers to a full pool: picked, compared, and told as both runs count. */
import { AxeBuilder } from '@axe-core/playwright';
import { scenarioIn } from '../src/engine/growth-mode.ts';
import { reportOf, type RunReport } from '../src/engine/run-report.ts';
import type { Scenario } from '../src/engine/scenario.ts';
import { createSimulation } from '../src/engine/create-simulation.ts';
import { startsAt1Mib } from '../src/scenarios/growing/starts-at-1-mib.ts';
import { expect, test } from './page.ts';

const GROUPED = new Intl.NumberFormat('en-GB');

/** The same run without a page: what it counts at a moment. */
function countedAt(scenario: Scenario, timeNs: number): RunReport {
  const simulation = createSimulation(scenario);
  simulation.runUntil(timeNs, Infinity);
  return reportOf(simulation);
}

test('the comparison says what both runs count, to the number', async ({ app, page }) => {
  await app.open({ scenario: 'starts-at-1-mib' });
  const table = page.getByTestId('compare');
  await app.stateWhen(({ timeNs }) => timeNs > 5_000_000, 30_000);
  await app.pause();
  const { timeNs } = await app.stateWhen(({ comparison }) => comparison?.progress === 1);
  const run = countedAt(startsAt1Mib, timeNs);
  const beside = countedAt(scenarioIn(startsAt1Mib, 'fixed'), timeNs);
  const rows: readonly (readonly [string, keyof RunReport])[] = [
    ['failed maps', 'failedMaps'],
    ['transient pools', 'transients'],
    ['pools grown', 'pools'],
    ['conversions', 'convertCalls'],
    ['host pages split', 'splitHostPages'],
    ['in use, most', 'peak'],
  ];
  for (const [label, field] of rows) {
    const head = page.getByRole('rowheader', { name: label, exact: true });
    const cells = table.getByRole('row').filter({ has: head }).getByRole('cell');
    for (const [at, report] of [run, beside].entries()) {
      const text = (await cells.nth(at).innerText()).replaceAll(/▸|better:/g, '');
      expect(`${label}: ${text.trim()}`).toBe(`${label}: ${GROUPED.format(Number(report[field]))}`);
    }
  }
  expect(beside.failedMaps).toBeGreaterThan(run.failedMaps);
});

test('by keyboard: another mode is picked, and the same load runs under it', async ({
  app,
  page,
}) => {
  await app.open({ scenario: 'cma-to-the-rescue' });
  const button = page.getByTestId('mode');
  await expect(button).toContainText('from CMA');
  await button.focus();
  await page.keyboard.press('Enter');
  const fixed = page.getByTestId('mode-fixed');
  await expect(fixed).toBeVisible();
  await fixed.focus();
  await page.keyboard.press('Enter');
  await expect(button).toContainText('mode: fixed');
  await app.stateWhen(({ nslabs, failedMaps }) => nslabs === 1024 && failedMaps > 20, 30_000);
});

test('C compares with the mode that the scenario speaks of, and stops', async ({ app, page }) => {
  await app.open({ scenario: 'hugepages-only' });
  const table = page.getByTestId('compare');
  await expect(table.getByRole('columnheader').nth(1)).toContainText('2 MiB pages');
  await expect(table.getByRole('columnheader').nth(2)).toContainText('dynamic');
  await page.keyboard.press('c');
  await expect(table).toBeHidden();
  await page.keyboard.press('c');
  await expect(table.getByRole('columnheader').nth(2)).toContainText('dynamic');
});

test('nothing of it breaks a rule of accessibility', async ({ app, page }) => {
  await app.open({ scenario: 'starts-at-1-mib' });
  await app.pause();
  await page.getByTestId('mode').click();
  await expect(page.getByTestId('mode-hugepage')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
});
