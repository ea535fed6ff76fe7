import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../scenarios/index.ts';
import { COMMANDS } from '../store/commands.ts';
import { INITIAL_STATE } from '../store/page-state.ts';
import { fitOf } from './fuzzy.ts';
import { capOf, keyLines, shortened } from './key-lines.ts';
import { entriesOf, foundIn } from './palette-entries.ts';

const state = { ...INITIAL_STATE, scenarios: SCENARIOS, scenario: SCENARIOS[0] ?? null };
const entries = entriesOf(state);
const titles = (typed: string) => foundIn(entries, typed).map(({ entry }) => entry.title);

describe('the keys in the help', () => {
  it('are those of the table, every one, and no other', () => {
    const inHelp = keyLines(false).flatMap(({ caps }) => caps);
    const inTable = COMMANDS.flatMap(({ keys }) => keys.map((stroke) => capOf(stroke, false)));
    expect(inHelp.toSorted()).toEqual(inTable.toSorted());
    expect(new Set(inHelp).size).toBe(inHelp.length);
  });

  it('say Cmd on a Mac, and leave out the middle of a long row', () => {
    expect(keyLines(true).flatMap(({ caps }) => caps)).toContain('Cmd Shift Z');
    expect(shortened(['1', '2', '3', '4', '5', '6', '7'])).toEqual(['1', '…', '7']);
    expect(shortened(['[', ']'])).toEqual(['[', ']']);
  });
});

describe('the palette', () => {
  it('has every command with a key but its own', () => {
    const ids = entries.map(({ id }) => id);
    expect(COMMANDS.map(({ id }) => id).filter((id) => !ids.includes(id))).toEqual(['palette']);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has scenarios, policies, modes, themes, colours and panels', () => {
    expect(titles('too small')[0]).toBe('Too small');
    expect(titles('wake-all')[0]).toBe('wake-all: wakes all');
    expect(titles('proj')[0]).toBe('Projector theme');
    expect(titles('colour age')[0]).toBe('Colour by age');
    expect(titles('kernel log')[0]).toBe('Kernel log');
    expect(titles('mode dynamic')[0]).toBe('dynamic');
  });

  it('offers everything when nothing was typed, and nothing that does not fit', () => {
    expect(titles('  ')).toHaveLength(entries.length);
    expect(titles('xyzzy')).toEqual([]);
  });
});

describe('a fit', () => {
  it('takes beginnings of words, in any order, and letters left out within a word', () => {
    expect(fitOf('Colour by free run', 'cfr')?.at).toEqual([0, 10, 11]);
    expect(fitOf('Colour by free run', 'run col')?.at).toEqual([0, 1, 2, 15, 16, 17]);
    expect(fitOf('Projector theme', 'prjctr')?.at).toEqual([0, 1, 3, 5, 6, 8]);
  });

  it('needs every letter, and the beginning of a word', () => {
    expect(fitOf('Zoom in', 'oom')).toBeNull();
    expect(fitOf('Zoom in', 'zoomer')).toBeNull();
    expect(fitOf('', 'a')).toBeNull();
  });

  it('prefers whole beginnings to scattered letters', () => {
    expect(fitOf('Stuck', 'st')?.score).toBeGreaterThan(fitOf('Slow tap', 'st')?.score ?? 0);
  });
});
