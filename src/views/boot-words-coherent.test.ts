import { expect, test } from 'vitest';
import { explainLine } from '../store/boot-draft.ts';
import { coherentRow } from './boot-words.ts';

test('the size of the coherent pools is explained with what it comes to', () => {
  const [size, none] = explainLine('coherent_pool=0x80000 coherent_pool=0').coherent.map(
    coherentRow,
  );
  expect(size).toMatchObject({ text: '0x80000', result: '512 KiB' });
  expect(size?.sentence).toMatch(/^for each coherent pool/);
  expect(none).toMatchObject({ text: '0', result: '' });
  expect(none?.sentence).toContain('128 KiB a GiB');
});
