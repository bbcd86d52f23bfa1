import { useEffect, useRef, useState } from 'preact/hooks';
import { ProblemError, type RestAnswer } from '../../client/index.ts';
import { useLive } from './live.ts';

/** What a view asked the server for. An earlier answer stays until the next one is there. */
export interface Asked<Answer> {
  readonly answer: Answer | undefined;
  readonly state: 'idle' | 'asking' | 'answered' | 'refused' | 'unreachable';
  again(): void;
}

/** An answer is not asked for again before it is so old. */
const FRESH_MS = 60_000;

interface Held<Path extends string> {
  readonly path: Path;
  readonly answer: RestAnswer<Path>;
  /** The version when it was asked for. */
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * What no snapshot holds, asked for on demand.
 *
 * @param path undefined asks for nothing
 * @param version asks again when it changes, once the answer is a minute old: the seq of the snapshot that it stands beside
 */
export function useAsked<Path extends `/api/${string}`>(
  path: Path | undefined,
  version: number,
): Asked<RestAnswer<Path>> {
  const { client } = useLive();
  const [attempt, setAttempt] = useState(0);
  const [held, setHeld] = useState<Held<Path>>();
  const [state, setState] = useState<Asked<unknown>['state']>('idle');
  const isAsking = useRef(false);
  const again = () => setAttempt((before) => before + 1);
  useEffect(() => {
    if (path === undefined) {
      setState('idle');
      return;
    }
    const abort = new AbortController();
    isAsking.current = true;
    const isShown = held?.path === path && !hasFailed(state);
    setState(isShown ? 'answered' : 'asking');
    client.rest(path, abort.signal).then(
      (answer) => {
        if (abort.signal.aborted) return;
        isAsking.current = false;
        setHeld({ path, answer, version, at: Date.now() });
        setState('answered');
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        isAsking.current = false;
        setState(error instanceof ProblemError ? 'refused' : 'unreachable');
      },
    );
    return () => {
      isAsking.current = false;
      abort.abort();
    };
  }, [client, path, attempt]);
  useEffect(() => {
    if (path === undefined || isAsking.current) return;
    const shown = held?.path === path ? held : undefined;
    if (shown?.version === version) return;
    // Without an answer the last request has failed.
    const timer = setTimeout(again, shown === undefined ? 0 : Math.max(0, shown.at + FRESH_MS - Date.now()));
    return () => clearTimeout(timer);
  }, [path, version, held]);
  // After a failure the answer to another question would pass for this one.
  const isOther = held !== undefined && held.path !== path;
  return { answer: isOther && hasFailed(state) ? undefined : held?.answer, state, again };
}

function hasFailed(state: Asked<unknown>['state']): boolean {
  return state === 'refused' || state === 'unreachable';
}
