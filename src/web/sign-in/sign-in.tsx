import { useRef } from 'preact/hooks';
import type { ConnectionState } from '../../client/index.ts';
import { Icon } from '../design/icon.tsx';
import { Button } from '../design/parts.tsx';
import { useLive } from '../live/live.ts';
import { words } from '../words/words.ts';
import { setToken, token } from './token.ts';

type Refused = Extract<ConnectionState, { name: 'refused' }>;

/** Says why the server refused, and takes a token. */
export function SignIn({ refused }: { refused: Refused }) {
  const { client } = useLive();
  const input = useRef<HTMLInputElement>(null);
  const { title, lead, token: label, hint, enter, refused: reasons } = words.value.signIn;
  // Without a token there is no error to explain yet.
  const reason = token.value === undefined ? undefined : reasons[refused.code];
  return (
    <main class="sign-in">
      <form
        class="card sign-in-card"
        onSubmit={(event) => {
          event.preventDefault();
          const value = input.current?.value.trim() ?? '';
          if (value === '') return;
          setToken(value);
          client.connect();
        }}
      >
        <span class="rail-mark">
          <Icon name="brand" />
        </span>
        <h1 class="sign-in-title">{title}</h1>
        <p class="sign-in-lead">{lead}</p>
        {reason !== undefined && (
          <p class="sign-in-reason" role="alert">
            {reason}
          </p>
        )}
        <label class="sign-in-field">
          <span>{label}</span>
          <input ref={input} type="password" class="sign-in-input" autoComplete="off" spellcheck={false} />
        </label>
        <p class="sign-in-hint">{hint}</p>
        <Button label={enter} kind="primary" type="submit" />
      </form>
    </main>
  );
}
