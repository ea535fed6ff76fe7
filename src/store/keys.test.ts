import { describe, expect, it } from 'vitest';
import { keyAction, type KeyFocus } from './keys.ts';

const press = (key: string, focus: KeyFocus = 'page', more = {}) =>
  keyAction({ key, ctrlKey: false, altKey: false, metaKey: false, ...more }, focus);

describe('keyAction', () => {
  it('plays, steps, turns the dial, zooms and colours', () => {
    expect(press(' ')).toEqual({ kind: 'toggle' });
    expect(press('K')).toEqual({ kind: 'toggle' });
    expect(press('ArrowRight')).toEqual({ kind: 'step' });
    expect(press('[')).toEqual({ kind: 'slower' });
    expect(press('7')).toEqual({ kind: 'colour', index: 6 });
    expect(press('0')).toEqual({ kind: 'fit' });
  });

  it('leaves to a text field everything but Escape', () => {
    for (const key of [' ', 'k', '3', 'ArrowRight', '[', '?'])
      expect(press(key, 'text')).toBeNull();
    expect(press('Escape', 'text')).toEqual({ kind: 'escape' });
  });

  it('lets Space press a focused button, and arrows walk the memory or move a slider', () => {
    expect(press(' ', 'button')).toBeNull();
    expect(press('ArrowRight', 'grid')).toBeNull();
    expect(press('ArrowRight', 'slider')).toBeNull();
    expect(press(' ', 'grid')).toEqual({ kind: 'toggle' });
  });

  it('never takes a shortcut of the browser', () => {
    expect(press('0', 'page', { ctrlKey: true })).toBeNull();
    expect(press('d', 'page', { metaKey: true })).toBeNull();
  });

  it('knows no key it was not taught', () => {
    expect([press('x'), press('8'), press('Enter'), press('Tab')]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});
