import { describe, expect, it } from 'vitest';

/**
 * Who may import whom. A folder may always import itself; anything not listed is forbidden. With
 * `type ` in front only types may cross: that boundary is the worker's port.
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  model: [],
  engine: ['model'],
  trace: ['model', 'engine'],
  scenarios: ['model', 'engine'],
  worker: ['model', 'engine', 'trace', 'scenarios'],
  store: ['zustand', 'model', 'engine', 'worker', 'scenarios', 'type trace'],
  draw: ['d3-array', 'model', 'engine'],
  views: ['react', 'react-dom', 'model', 'engine', 'store', 'draw', 'scenarios', 'type worker'],
  // Builders for tests, and the benches: those drive whole scenarios and recorded operations.
  testing: ['fast-check', 'model', 'engine', 'trace', 'scenarios', 'draw'],
  'main.tsx': ['react', 'react-dom', 'worker', 'store', 'views'],
};
const TEST_ONLY = [
  'testing',
  // Shipped scenarios are the input of many tests.
  'scenarios',
  'vitest',
  'fast-check',
  'node:fs',
  'node:path',
  'node:url',
  'node:zlib',
];

interface Import {
  readonly specifier: string;
  readonly isType: boolean;
}

/** Every module a source text names, static, dynamic or by URL; the address of an asset is none. */
function importsOf(text: string): Import[] {
  const named = [...text.matchAll(/^(?:import|export)( type)?\s[^;'"]*?from '([^']+)'/gm)];
  const bare = [...text.matchAll(/^import '([^']+)'|\bimport\('([^']+)'|\bURL\('(\.[^']+)'/gm)];
  const all = [
    ...named.map(([, type, specifier = '']) => ({ specifier, isType: type !== undefined })),
    ...bare.map(([, plain, dynamic, url]) => ({
      specifier: plain ?? dynamic ?? url ?? '',
      isType: false,
    })),
  ];
  return all.filter(({ specifier }) => !specifier.endsWith('?url'));
}

/** The folder of `src/` (or the package) that `specifier` leads to from the file at `path`. */
function targetOf(path: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return new URL(specifier, `file:///${path.slice(2)}`).pathname.split('/')[1] ?? '';
}

/** The imports of the file at `path` that the table forbids, as specifiers. */
function forbidden(path: string, text: string): string[] {
  const folder = path.split('/')[1] ?? '';
  const allowed = [folder, ...(MAY_IMPORT[folder] ?? [])];
  if (path.includes('.test.')) allowed.push(...TEST_ONLY);
  const isAllowed = ({ specifier, isType }: Import) => {
    const target = targetOf(path, specifier);
    return allowed.some((entry) => {
      const name = entry.replace('type ', '');
      const matches = target === name || target.startsWith(`${name}/`);
      return matches && (isType || name === entry);
    });
  };
  return importsOf(text)
    .filter((found) => !isAllowed(found))
    .map(({ specifier }) => specifier);
}

const sources = import.meta.glob<string>(['./**/*.{ts,tsx}', '!./architecture.test.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

describe('the import table', () => {
  for (const [path, text] of Object.entries(sources)) {
    it(`holds in ${path}`, () => {
      expect(forbidden(path, text)).toEqual([]);
    });
  }

  it('has a row for every folder', () => {
    const folders = new Set(Object.keys(sources).map((path) => path.split('/')[1]));
    expect([...folders].filter((folder) => !MAY_IMPORT[folder ?? ''])).toEqual([]);
  });

  it('sees every way to import', () => {
    const text = [
      "import { a } from '../engine/a.ts';",
      "import type {\n  B,\n} from '../worker/b.ts';",
      "export { c } from '../views/c.ts';",
      "import './d.css';",
      "const e = await import('../trace/e.ts');",
      "import recording from '../trace/fixtures/x.gz?url';",
      "new Worker(new URL('../worker/entry.ts', import.meta.url));",
    ].join('\n');
    expect(forbidden('./model/x.ts', text)).toEqual([
      '../engine/a.ts',
      '../worker/b.ts',
      '../views/c.ts',
      '../trace/e.ts',
      '../worker/entry.ts',
    ]);
  });

  it('lets types cross where only types may', () => {
    expect(forbidden('./views/x.tsx', "import type { A } from '../worker/a.ts';")).toEqual([]);
    expect(forbidden('./views/x.tsx', "import { a } from '../worker/a.ts';")).toEqual([
      '../worker/a.ts',
    ]);
  });
});
