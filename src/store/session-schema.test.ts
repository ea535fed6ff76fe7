import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../scenarios/index.ts';
import { isValid } from '../testing/json-schema.ts';
import { sessions } from '../testing/random-session.ts';
import { checkSession } from './session-check.ts';
import { canonical, dataOf } from './session.ts';

const schema: unknown = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../public/session.schema.json'), 'utf8'),
);
const datas = fc
  .tuple(sessions(SCENARIOS), fc.boolean())
  .map(([session, isNamed]): unknown =>
    JSON.parse(canonical(dataOf(session, isNamed ? SCENARIOS : []))),
  );

/** Where a value can be replaced: every place in it, by keys. */
function placesIn(value: unknown): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[]];
  return [
    [],
    ...Object.entries(value).flatMap(([key, part]) => placesIn(part).map((at) => [key, ...at])),
  ];
}

function withAt(value: unknown, [key, ...rest]: (string | number)[], put: unknown): unknown {
  if (key === undefined) return put;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  copy[key] = withAt(copy[key], rest, put);
  return copy;
}

const others = fc.oneof(
  fc.constantFrom<unknown>(null, true, '', 'x', -1, 0.5, 1e300, [], {}, 'dark', 2, '0'.repeat(700)),
  fc.jsonValue(),
);

/** Sessions with one value, anywhere, replaced. */
const altered = fc.tuple(datas, fc.nat(), others).map(([data, at, put]) => {
  const places = placesIn(data);
  const place = places[at % places.length] ?? [];
  return { data: withAt(data, place, put), place };
});

describe('the published schema of sessions', () => {
  it('takes every session that the page writes', () => {
    fc.assert(
      fc.property(datas, (data) => {
        expect(isValid(schema, data)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('takes whatever the checker takes, one value altered anywhere', () => {
    fc.assert(
      fc.property(altered, ({ data }) => {
        const taken = checkSession(data, SCENARIOS).kind === 'ok';
        expect(taken && !isValid(schema, data)).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });

  it('refuses what the checker refuses, but for order and for what lies within a scenario', () => {
    fc.assert(
      fc.property(altered, ({ data, place }) => {
        fc.pre(!['scenario', 'journal', 'moment'].includes(String(place[0])));
        expect(isValid(schema, data)).toBe(checkSession(data, SCENARIOS).kind === 'ok');
      }),
      { numRuns: 2000 },
    );
  });
});
