import { createClient, type FeatureName, type Snapshots } from 'greg-bi/client';
import { useSyncExternalStore } from 'react';

let token: string | undefined;
const client = createClient({ baseUrl: 'http://localhost:8000', token: () => token });

export function signIn(newToken: string) {
  token = newToken;
  client.connect();
}

function onFigures(onChange: () => void) {
  const removals = [client.on('snapshot', onChange), client.on('status', onChange)];
  return () => {
    for (const remove of removals) remove();
  };
}

/** `useSnapshot('claims')?.data.summary.CriticalClaims`; undefined until the first snapshot has arrived. */
export function useSnapshot<Name extends FeatureName>(feature: Name): Snapshots[Name] {
  return useSyncExternalStore(onFigures, () => client.snapshots[feature]);
}

/** Show figures in grey while its `name` is not `open`; ask for a login when it is `refused`. */
export function useConnection() {
  return useSyncExternalStore(
    (onChange) => client.on('state', onChange),
    () => client.state,
  );
}
