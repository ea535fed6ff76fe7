import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test, type App } from './page.ts';
import { linesOf, openFile, withLine } from './recordings.ts';

const MIB = 1024 * 1024;

/** One plain sentence appears. */
async function refused({ page }: App, says: RegExp) {
  const notice = page.getByTestId('notice');
  await expect(notice).toHaveCount(1, { timeout: 30_000 });
  await expect(notice).toContainText(says);
  expect((await notice.innerText()).length).toBeLessThan(300);
}

/** The machine that ran before still runs. */
async function goesOn(app: App) {
  const before = await app.state();
  await app.stateWhen(({ event, runState }) => event > before.event && runState === 'playing');
  expect(await app.page.evaluate(() => window.bouncescope?.scenario)).toBe('confidential-vm');
}

const small = linesOf('small512-1cpu');
const header = (change: (fields: Record<string, unknown>) => Record<string, unknown>) =>
  withLine(small, 1, change);

const FILES: readonly (readonly [name: string, file: () => Buffer, says: RegExp])[] = [
  ['empty', () => Buffer.alloc(0), /empty/],
  ['truncated gzip', () => gzipSync(small.join('\n')).subarray(0, 4000), /\./],
  ['a line cut off', () => Buffer.from(small.join('\n').slice(0, 20_000)), /line \d+/i],
  [
    'binary',
    () => Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 167 + 13) % 256)),
    /\./,
  ],
  ['JSON of another kind', () => Buffer.from('{"name":"package"}\n'), /line 1/i],
  ['a header of null', () => Buffer.from('null\n'), /line 1/i],
  [
    '10^9 slots',
    () =>
      header((fields) => ({
        ...fields,
        pool: { base: '0x0', nslabs: 1e9, areas: 1, areaSize: 1e9 },
      })),
    /line 1/i,
  ],
  ['10^9 CPUs', () => header((fields) => ({ ...fields, cpus: 1e9 })), /line 1/i],
  [
    'more than 256 MiB unpacked',
    () => gzipSync(Buffer.alloc(257 * MIB, '{"a":1}\n'), { level: 1 }),
    /./,
  ],
];

for (const [name, file, says] of FILES) {
  test(`${name}: one sentence, and the page goes on`, async ({ app }) => {
    await app.open();
    await openFile(app, 'hostile.jsonl.gz', file());
    await refused(app, says);
    await goesOn(app);
  });
}

test('a file of more than 64 MiB is refused before it is read', async ({ app, page }, info) => {
  const big = info.outputPath('big.jsonl');
  writeFileSync(big, Buffer.alloc(65 * MIB, 32));
  await app.open();
  await page.getByLabel('Recording or session').setInputFiles(big);
  await expect(page.getByTestId('notice')).toHaveText(
    '“big.jsonl” has 65 MiB; recordings of up to 64 MiB are read.',
  );
  await goesOn(app);
});

test('HTML in names stays text', async ({ app, page }) => {
  const evil = '<img src=x onerror=alert(1)>';
  const file = header((fields) => ({
    ...fields,
    kernel: `6.12 ${evil}`,
    devices: (fields['devices'] as Record<string, unknown>[]).map((device) => ({
      ...device,
      name: evil,
    })),
  }));
  await app.open();
  await openFile(app, 'evil<b>.jsonl.gz', file);
  await app.stateWhen(({ totalDecisions }) => totalDecisions === 255);
  await expect(page.getByTestId('badge')).toContainText(evil);
  await expect(page.locator('.lane').first()).toContainText(evil);
  expect(await page.locator('img').count()).toBe(0);
});

test('__proto__ and constructor keys change nothing', async ({ app, page }) => {
  const lines = small.map((text) =>
    text.replace(
      /^\{/,
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},',
    ),
  );
  await app.open();
  await openFile(app, 'proto.jsonl', Buffer.from(lines.join('\n')));
  await app.stateWhen(({ totalDecisions }) => totalDecisions === 255);
  await page.getByRole('slider', { name: 'Speed' }).fill('5');
  const end = await app.stateWhen(({ runState }) => runState === 'ended', 20_000);
  expect(end.differences).toBe(0);
  expect(await page.evaluate(() => 'polluted' in {})).toBe(false);
});

test('a recording that comes late does not push away the scenario picked after it', async ({
  app,
  page,
}) => {
  await app.open();
  await openFile(app, 'small.jsonl', Buffer.from(small.join('\n')));
  await page.getByRole('button', { name: /What runs/ }).click();
  await page
    .locator('#picker')
    .getByRole('button', { name: /^Stuck/ })
    .click();
  await app.stateWhen(({ nslabs }) => nslabs === 128);
  await page.waitForTimeout(500);
  expect((await app.state()).nslabs).toBe(128);
  await expect(page.getByTestId('opening')).toHaveCount(0);
});
