import type { Route } from './route.ts';

/** What the server says of itself as a whole. */
export interface About {
  readonly title: string;
  readonly version: string;
  readonly description: string;
}

export interface RouteIndexOptions {
  readonly about: About;
  readonly routes: readonly Route[];
  readonly hubs: { readonly names: readonly string[] };
}

/** What a script that asks for `/` gets: every route once, every hub, and where they are documented. */
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
