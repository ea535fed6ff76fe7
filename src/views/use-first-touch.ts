import { useEffect } from 'react';
import { page } from '../store/the-page.ts';

/** Notes the first click or key. */
export function useFirstTouch() {
  useEffect(() => {
    const touch = () => page.look.touch();
    window.addEventListener('pointerdown', touch, { once: true });
    window.addEventListener('keydown', touch, { once: true });
    return () => {
      window.removeEventListener('pointerdown', touch);
      window.removeEventListener('keydown', touch);
    };
  }, []);
}
