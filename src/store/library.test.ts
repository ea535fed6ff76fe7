import { beforeEach, expect, test } from 'vitest';
import { SCENARIOS } from '../scenarios/index.ts';
import type { Command } from '../worker/protocol.ts';
import { Page } from './page.ts';

let posted: Command[] = [];
let page: Page;

beforeEach(() => {
  posted = [];
  page = new Page(() => ({
    post: (command) => void posted.push(command),
    close: () => undefined,
  }));
  page.start({});
});

const loads = () =>
  posted.flatMap((command) => (command.kind === 'load' ? [command.scenario.id] : []));

test('a first visit opens its scenario at once, and waits for no other', () => {
  void page.library.open(null);
  expect(loads()).toEqual(['confidential-vm']);
  expect(page.state.scenarios.map(({ id }) => id)).toEqual(['confidential-vm']);
});

test('the others are there to choose from when they have been fetched', async () => {
  void page.library.open(null);
  await page.library.prefetch();
  expect(page.state.scenarios).toBe(SCENARIOS);
  expect(loads()).toEqual(['confidential-vm']);
});

test('the address may ask for any of them', async () => {
  await page.library.open('stuck');
  expect(loads()).toEqual(['stuck']);
  expect(page.state.scenarios).toBe(SCENARIOS);
});

test('where it asks for none there is, that is said, and a first visit’s opened', async () => {
  await page.library.open('nine');
  expect(loads()).toEqual(['confidential-vm']);
  expect(page.state.notices.map(({ text }) => text)).toEqual(['There is no scenario “nine”.']);
});
