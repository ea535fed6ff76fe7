import { page } from '../store/the-page.ts';
import { Icon } from './icons.tsx';

/** Plain sentences about what went wrong or changed; each can be put away. */
export function Notices() {
  const notices = page.use((state) => state.notices);
  return (
    <div className="notices" role="alert" aria-live="assertive">
      {notices.map(({ id, tone, text }) => (
        <p key={id} className={tone} data-testid="notice">
          <span>{text}</span>
          <button type="button" aria-label="Dismiss" onClick={() => page.dismiss(id)}>
            <Icon name="close" />
          </button>
        </p>
      ))}
    </div>
  );
}
