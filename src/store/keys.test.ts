import { describe, expect, it } from 'vitest';
import { COMMANDS, type KeyFocus } from './commands.ts';
import { keyCommand } from './keys.ts';

const PRESS = { ctrlKey: false, altKey: false, metaKey: false, shiftKey: false };
const press = (key: string, focus: KeyFocus = 'page', more = {}, letters = true) =>
  keyCommand({ ...PRESS, key, ...more }, focus, letters)?.id ?? null;

const off = (key: string, more = {}) => press(key, 'page', more, false);

describe('keyCommand', () => {
  it('plays, steps, turns the dial, zooms and colours', () => {
    expect(press(' ')).toBe('toggle');
    expect(press('K')).toBe('toggle');
    expect(press('ArrowRight')).toBe('step');
    expect(press('[')).toBe('slower');
    expect(press('7')).toBe('colour-request');
    expect(press('0')).toBe('fit');
  });

  it('leaves to a text field all but Escape and the palette', () => {
    for (const key of [' ', 'k', '3', 'ArrowRight', '[', '?'])
      expect(press(key, 'text')).toBeNull();
    expect(press('z', 'text', { ctrlKey: true })).toBeNull();
    expect(press('Escape', 'text')).toBe('escape');
    expect(press('k', 'text', { ctrlKey: true })).toBe('palette');
  });

  it('lets Space press a focused button, and arrows walk the memory or move a slider', () => {
    expect(press(' ', 'button')).toBeNull();
    expect(press('ArrowRight', 'grid')).toBeNull();
    expect(press('ArrowRight', 'slider')).toBeNull();
    expect(press(' ', 'grid')).toBe('toggle');
    expect(press('ArrowRight', 'button')).toBe('step');
  });

  it('takes Ctrl or Cmd with Z back and, with Shift, forth', () => {
    for (const held of [{ ctrlKey: true }, { metaKey: true }]) {
      expect(press('z', 'page', held)).toBe('undo');
      expect(press('Z', 'slider', { ...held, shiftKey: true })).toBe('redo');
    }
  });

  it('never takes a shortcut of the browser', () => {
    expect(press('0', 'page', { ctrlKey: true })).toBeNull();
    expect(press('d', 'page', { metaKey: true })).toBeNull();
    expect(press('k', 'page', { ctrlKey: true, shiftKey: true })).toBeNull();
    expect(press('k', 'page', { altKey: true })).toBeNull();
  });

  it('knows no key it was not taught', () => {
    expect([press('x'), press('8'), press('Enter'), press('Tab')]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('with letters switched off hears no single character, and everything else', () => {
    for (const key of ['k', '[', '\\', '?', '0', '4', 'c', 'W']) expect(off(key)).toBeNull();
    expect(off(' ')).toBe('toggle');
    expect(off('ArrowRight')).toBe('step');
    expect(off('Escape')).toBe('escape');
    expect(off('k', { ctrlKey: true })).toBe('palette');
  });
});

describe('the table of commands', () => {
  it('gives every command a name of its own, and every key to one command', () => {
    const ids = COMMANDS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const command of COMMANDS) {
      for (const { key, ctrl, shift } of command.keys) {
        const held = { ctrlKey: ctrl === true, shiftKey: shift === true };
        expect(press(key, 'page', held)).toBe(command.id);
      }
    }
  });
});
