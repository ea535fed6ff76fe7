import { expect, test } from 'vitest';
import { lineAction, type LineState } from './line-keys.ts';

const typed: LineState = { text: 'cat', watched: false, hasSelection: false };
const empty: LineState = { ...typed, text: '' };
const watched: LineState = { ...empty, watched: true };
const press = (key: string, ctrlKey = false, shiftKey = false) => ({ key, ctrlKey, shiftKey });

test('Tab completes what is typed, and leaves an empty line or with Shift', () => {
  expect(lineAction(press('Tab'), typed)).toBe('complete');
  expect(lineAction(press('Tab'), empty)).toBeNull();
  expect(lineAction(press('Tab', false, true), typed)).toBeNull();
});

test('Esc empties the line; on an empty one it is the page’s', () => {
  expect(lineAction(press('Escape'), typed)).toBe('empty');
  expect(lineAction(press('Escape'), empty)).toBeNull();
});

test('Ctrl+C gives the line up, unless something is marked to be copied', () => {
  expect(lineAction(press('c', true), typed)).toBe('drop');
  expect(lineAction(press('c', true), { ...typed, hasSelection: true })).toBeNull();
  expect(lineAction(press('c'), typed)).toBeNull();
});

test('while something is watched, q, Esc and Ctrl+C end it and nothing else acts', () => {
  expect(lineAction(press('q'), watched)).toBe('interrupt');
  expect(lineAction(press('Escape'), watched)).toBe('interrupt');
  expect(lineAction(press('c', true), watched)).toBe('interrupt');
  for (const key of ['Tab', 'ArrowUp', 'x', 'Enter']) {
    expect(lineAction(press(key), watched)).toBeNull();
  }
});

test('the arrows walk the history, Ctrl+L clears, Ctrl+A and Ctrl+E are the field’s', () => {
  expect(lineAction(press('ArrowUp'), empty)).toBe('earlier');
  expect(lineAction(press('ArrowDown'), typed)).toBe('later');
  expect(lineAction(press('l', true), typed)).toBe('clear');
  expect(lineAction(press('a', true), typed)).toBeNull();
  expect(lineAction(press('e', true), typed)).toBeNull();
});
