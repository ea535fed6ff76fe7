import { expect, test } from 'vitest';
import { csvLine } from './csv.ts';

test('a line ends with CRLF, and fields stand as they are', () => {
  expect(csvLine(['a', 1, 'b c', 2.5])).toBe('a,1,b c,2.5\r\n');
});

test('commas, quotes and line breaks stand in quotes', () => {
  expect(csvLine(['a,b', 'say "so"', 'two\nlines'])).toBe('"a,b","say ""so""","two\nlines"\r\n');
});

test.each(['=1+1', '+1', '-1', '@sum', '\tx'])('%j is no formula', (text) => {
  expect(csvLine([text, 'x'])).toBe(`'${text},x\r\n`);
});

test('a formula with a comma is neither', () => {
  expect(csvLine(['=a,b'])).toBe(`"'=a,b"\r\n`);
});

test('a negative number is a number; what is none is empty', () => {
  expect(csvLine([-1, NaN, Infinity, 0])).toBe('-1,,,0\r\n');
});
