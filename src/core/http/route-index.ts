import type { ServerDescription } from './about-route.ts';
import type { Route } from './route.ts';

export interface RouteIndexOptions {
  readonly about: Omit<ServerDescription, 'timeZone'>;
  readonly routes: readonly Route[];
  readonly hubs: { readonly names: readonly string[] };
}

/** The answer of `/` to programs: every route once, every hub, and where they are documented. */
export function routeIndex({ about: { title, version, description }, routes, hubs }: RouteIndexOptions): string {
  return JSON.stringify(
    {
      name: title,
      version,
      description,
      documentation: '/swagger',
      openApi: '/swagger/json',
      routes: routes.map(({ method, path }) => `${method} ${path}`),
      hubs: hubs.names.map((name) => `/hubs/${name}`),
    },
    null,
    2,
  );
}
