import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../scenarios/index.ts';
import { sessions } from '../testing/random-session.ts';
import { linkOf, MAX_LINK_CHARS, readLink } from './link.ts';
import { MAX_SESSION_CHARS, readSession } from './session-check.ts';
import { canonical, dataOf, type Session } from './session.ts';

const anySession = sessions(SCENARIOS);
const [first] = fc.sample(anySession, { numRuns: 1, seed: 4 });
if (first === undefined) throw new RangeError('no session was drawn');
const session: Session = first;
const text = canonical(dataOf(session, []));
const faultOf = (read: Awaited<ReturnType<typeof readLink>>) =>
  read.kind === 'bad' ? read.fault : 'it was taken';
const readFault = (from: string) => faultOf(readSession(from, SCENARIOS));
/** The session with fields put in place of its own. */
const altered = (fields: object) => canonical({ ...dataOf(session, []), ...fields });

/** What deflate makes of a text, as a link carries it. */
async function linkTo(content: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const stream = new Blob([content]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = Buffer.from(await new Response(stream).arrayBuffer());
  return `#s=1.${bytes.toString('base64url')}`;
}

const entry = (index: number) => ({
  event: 5000 * index,
  timeNs: 4_123_457 * index,
  change: {
    kind: 'device',
    device: index % 3,
    control: 'depth',
    value: 1 + ((index * 37) % 256),
  },
});

describe('a session', () => {
  it('comes back from its file as it was, scenario named or whole', () => {
    fc.assert(
      fc.property(anySession, fc.boolean(), (one, isNamed) => {
        const data = canonical(dataOf(one, isNamed ? SCENARIOS : []));
        expect(readSession(data, SCENARIOS)).toEqual({ kind: 'ok', session: one });
      }),
      { numRuns: 200 },
    );
  });

  it('comes back from its link as it was', async () => {
    await fc.assert(
      fc.asyncProperty(anySession, async (one) => {
        const link = await linkOf(one, SCENARIOS);
        expect(link).toMatch(/^#s=1\.[\w-]+$/);
        expect(await readLink(link, SCENARIOS)).toEqual({ kind: 'ok', session: one });
      }),
      { numRuns: 60 },
    );
  });

  it('is the same text whatever the order of its fields', () => {
    const turned: unknown = JSON.parse(text, (_, part: unknown) =>
      typeof part === 'object' && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).toReversed())
        : part,
    );
    expect(canonical(turned)).toBe(text);
  });

  it('of an ordinary evening fits a link: a hundred changes', async () => {
    const journal = Array.from({ length: 100 }, (_, index) => entry(index));
    const record = { journal, event: 500_000, timeNs: 412_345_700 } as Session['record'];
    const link = await linkOf({ ...session, record }, SCENARIOS);
    expect(link.length).toBeLessThan(MAX_LINK_CHARS);
  });
});

describe('a hostile session', () => {
  it.each([
    ['', 'it is no complete JSON; it may have been cut off on its way'],
    [text.slice(0, -9), 'it is no complete JSON; it may have been cut off on its way'],
    ['[]', 'it is a list; a session is an object'],
    ['{}', 'format is missing; it must be "bouncescope-session"'],
    [altered({ version: 2 }), 'it is of version 2, from a newer page; this one reads version 1'],
    [altered({ version: 0 }), 'version is 0; it must be a whole number from 1 to 1'],
    [altered({ evil: 1 }), 'there is no field evil'],
    [altered({ moment: { event: 1e300, timeNs: 0 } }), /^moment\.event is 1e\+300; it must be/],
    [altered({ moment: { event: 0, timeNs: -1 } }), /^moment\.timeNs is -1; it must be/],
    [
      altered({ journal: [{ event: 0, timeNs: 0, change: { kind: 'eval' } }] }),
      /^journal\[0\]\.change\.kind is "eval"; it must be one of device, write$/,
    ],
    [
      altered({ journal: Array(20_001).fill(0) }),
      'journal has 20001 entries; it must have at most 20000',
    ],
    [
      altered({
        journal: [
          {
            ...session.record.journal[0],
            event: 1e9,
            timeNs: 1e12,
            change: { kind: 'write', file: 'x', text: '' },
          },
        ],
      }),
      'journal goes on behind the moment',
    ],
    [altered({ hash: '<script>' }), /^hash is "<script>"; it must be 16 hex digits/],
    [
      altered({ view: { ...session.view, theme: 'pink' } }),
      'view.theme is "pink"; it must be one of dark, light, projector',
    ],
    [
      altered({ view: { ...session.view, dial: 1e9 } }),
      'view.dial is 1000000000; it must be a number from 0 to 5',
    ],
    [altered({ pinned: { pool: 0, slot: -1 } }), /^pinned\.slot is -1; it must be/],
    [
      altered({ scenario: { id: 'no-such', changed: {} } }),
      'scenario.id is "no-such"; this page has no scenario of that name',
    ],
    [
      altered({ scenario: { whole: { ...session.scenario, machine: { memoryMiB: 1e9 } } } }),
      /^scenario: machine\.memoryMiB is 1000000000; it must be/,
    ],
    [
      altered({ scenario: { whole: { ...session.scenario, devices: [] } } }),
      'scenario: devices has 0 entries; it must have 1 to 12',
    ],
    ['['.repeat(100_000), 'it nests deeper than 16 levels, as no session does'],
    [
      altered({ view: JSON.parse('{"a":'.repeat(17) + '1' + '}'.repeat(17)) as object }),
      'it nests deeper than 16 levels, as no session does',
    ],
    [
      ' '.repeat(MAX_SESSION_CHARS + 1),
      `it has ${MAX_SESSION_CHARS + 1} characters; at most ${MAX_SESSION_CHARS} are read`,
    ],
  ])('gets one clause on what is wrong with it (%#)', (from, fault) => {
    const matches = (found: string) =>
      typeof fault === 'string' ? found === fault : fault.test(found);
    expect(readFault(from)).toSatisfy(matches);
  });

  it('with a prototype for a field is no way in', () => {
    const evil = text.replace('{', '{"__proto__":{"polluted":true},');
    expect(readFault(evil)).toBe('there is no field __proto__');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('made of any JSON, or of one with a field altered, is refused or taken, and never throws', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(readSession(json, SCENARIOS).kind).toBe('bad');
      }),
    );
    const keys = Object.keys(dataOf(session, []));
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.jsonValue(), (key, value) => {
        const read = readSession(altered({ [key]: value }), SCENARIOS);
        // What is taken says the same as what was written.
        const said = read.kind === 'ok' ? canonical(dataOf(read.session, [])) : 'refused';
        expect([altered({ [key]: value }), 'refused']).toContain(said);
        expect(faultOf(read)).toMatch(/^[^\n]{5,400}$/);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a hostile link', () => {
  it('of random letters, or cut off, or with one letter altered, gets its clause', async () => {
    const link = await linkOf(session, SCENARIOS);
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[\w-]{0,300}$/), async (letters) => {
        expect((await readLink(`#s=1.${letters}`, SCENARIOS)).kind).toBe('bad');
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: link.length - 6 }), async (cut) => {
        expect((await readLink(link.slice(0, -cut), SCENARIOS)).kind).toBe('bad');
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.nat(link.length - 6),
        fc.constantFrom('A', 'a', '0', '_'),
        async (at, letter) => {
          const read = await readLink(
            link.slice(0, 5 + at) + letter + link.slice(6 + at),
            SCENARIOS,
          );
          expect(['ok', 'bad']).toContain(read.kind);
        },
      ),
    );
  });

  it('that unpacks to much stops on the way', async () => {
    const bomb = await linkTo('['.padEnd(40 * 1024 * 1024, ' '));
    expect(bomb.length).toBeLessThan(64 * 1024);
    expect(faultOf(await readLink(bomb, SCENARIOS))).toBe(
      `it unpacks to more than ${MAX_SESSION_CHARS} characters`,
    );
  });

  it.each([
    ['#s=2.AAAA', 'it begins with “#s=2.AAA”; this page reads links that begin with “#s=1.”'],
    ['#s=', 'it begins with “#s=”; this page reads links that begin with “#s=1.”'],
    ['#s=1.a+b/', 'it holds a character that no link has'],
    ['#s=1.', 'what is packed in it is damaged; it may have been cut off on its way'],
    [`#s=1.${'A'.repeat(70_000)}`, 'it has 70005 characters; at most 65536 are read'],
  ])('%.20s … is told apart', async (link, fault) => {
    expect(faultOf(await readLink(link, SCENARIOS))).toBe(fault);
  });

  it('of bytes that are no text is damaged', async () => {
    expect(faultOf(await readLink(await linkTo(new Uint8Array([123, 255, 254])), SCENARIOS))).toBe(
      'what is packed in it is damaged; it may have been cut off on its way',
    );
  });
});
