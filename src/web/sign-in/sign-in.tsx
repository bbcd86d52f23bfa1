import { useRef, useState } from 'preact/hooks';
import { Icon } from '../design/icon.tsx';
import { Button } from '../design/parts.tsx';
import { type RefusedState, useLive } from '../live/live.ts';
import { words } from '../words/words.ts';
import { setToken, token } from './token.ts';

/** Says why the server refused, and takes a token. */
export function SignIn({ refused }: { refused: RefusedState }) {
  const { client } = useLive();
  const input = useRef<HTMLInputElement>(null);
  const { title, lead, token: label, hint, enter, refused: reasons } = words.value.signIn;
  const [answered, setAnswered] = useState<RefusedState>();
  const key = reasonOf(refused);
  // Without a token, or while a new one is tried, there is no error to explain yet; no token changes the page's origin.
  const isSilent = (token.value === undefined && key !== 'origin') || answered === refused;
  const reason = isSilent ? undefined : reasons[key];
  return (
    <main class="sign-in">
      <form
        class="card sign-in-card"
        onSubmit={(event) => {
          event.preventDefault();
          const value = input.current?.value.trim() ?? '';
          if (value === '') return;
          setToken(value);
          setAnswered(refused);
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

/** The server refuses a page's origin with the same code as a role; only its words, which name the setting, differ. */
function reasonOf({ code, words: said }: RefusedState) {
  return code === 403 && said.includes('CORS_ORIGINS') ? 'origin' : code;
}
