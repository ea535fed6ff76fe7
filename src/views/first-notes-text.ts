/** What stands in the free rows of the first second, and in the help for good. */
export interface FirstNote {
  readonly head: string;
  readonly rest: string;
}

export const FIRST_NOTES: readonly FirstNote[] = [
  {
    head: 'One row is one segment',
    rest: ': 128 slots of 2 KiB. A buffer never crosses a row’s end, so 256 KiB is the largest.',
  },
  {
    head: 'Each bar is one buffer',
    rest: ', copied here so that its device may reach it. Its colour says which device.',
  },
  {
    head: 'The white mark is the hint',
    rest: ': the next search in this area starts there and moves on after every success.',
  },
  {
    head: 'An area has a lock of its own',
    rest: ': each CPU begins in its area, so that they need not wait for each other.',
  },
];
