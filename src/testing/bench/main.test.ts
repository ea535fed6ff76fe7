import { expect, test } from 'vitest';
import { benchMain, type BenchIo } from './main.ts';

function refuse(): never {
  throw new Error('something was measured');
}

/** A machine on which nothing may be measured: wrong arguments are found before. */
function deadIo(): { readonly io: BenchIo; readonly printed: string[] } {
  const printed: string[] = [];
  const io = {
    print: (text: string) => void printed.push(text),
    now: refuse,
    readFixture: refuse,
    heldBytes: refuse,
  };
  return { io, printed };
}

test.each([['nothing'], ['toString'], ['__proto__'], ['--jsn']])(
  'a section that does not exist, %s, is named and the others with it',
  async (name) => {
    const { io, printed } = deadIo();
    expect(await benchMain(['--json', 'engine', name], io)).toBe(2);
    expect(printed).toEqual([
      `no section ${name}; there are pageAllocator, allocator, engine, growth, memory, seek, throttle`,
    ]);
  },
);
