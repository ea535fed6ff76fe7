import { page } from '../store/the-page.ts';
import { useMedia } from './use-media.ts';

/**
 * Whether the left rail folds into a tab of the right one: where three columns have no room, and
 * earlier in the projector theme, whose words are half as large again.
 */
export function useFolded(): boolean {
  const projector = page.use((state) => state.theme === 'projector');
  const narrow = useMedia('(min-width: 900px) and (max-width: 1199px)');
  const short = useMedia('(min-width: 900px) and (max-width: 1899px)');
  return projector ? short : narrow;
}
