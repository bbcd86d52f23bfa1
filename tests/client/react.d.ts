/** What the README's example uses of React, which this project does not install. */
declare module 'react' {
  export function useSyncExternalStore<Value>(
    subscribe: (onChange: () => void) => () => void,
    getSnapshot: () => Value,
  ): Value;
}
