import { useEffect, useState } from 'preact/hooks';
import { ProblemError, type RestAnswer } from '../../client/index.ts';
import { useLive } from './live.ts';

/** What a view asked the server for. An earlier answer stays until the next one is there. */
export interface Asked<Answer> {
  readonly answer: Answer | undefined;
  readonly state: 'idle' | 'asking' | 'answered' | 'refused' | 'unreachable';
  again(): void;
}

/**
 * What no snapshot holds, asked for on demand.
 *
 * @param path undefined asks for nothing
 * @param version asks again when it changes: the seq of the snapshot that the answer stands beside
 */
export function useAsked<Path extends `/api/${string}`>(
  path: Path | undefined,
  version: number,
): Asked<RestAnswer<Path>> {
  const { client } = useLive();
  const [attempt, setAttempt] = useState(0);
  const [held, setHeld] = useState<{ readonly path: Path; readonly answer: RestAnswer<Path> }>();
  const [state, setState] = useState<Asked<unknown>['state']>('idle');
  useEffect(() => {
    if (path === undefined) {
      setState('idle');
      return;
    }
    let isCurrent = true;
    setState('asking');
    client.rest(path).then(
      (answer) => {
        if (!isCurrent) return;
        setHeld({ path, answer });
        setState('answered');
      },
      (error: unknown) => {
        if (isCurrent) setState(error instanceof ProblemError ? 'refused' : 'unreachable');
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [client, path, version, attempt]);
  // After a failure the answer to another question would pass for this one.
  const isOther = held !== undefined && held.path !== path;
  const failed = state === 'refused' || state === 'unreachable';
  return {
    answer: isOther && failed ? undefined : held?.answer,
    state,
    again: () => setAttempt(attempt + 1),
  };
}
