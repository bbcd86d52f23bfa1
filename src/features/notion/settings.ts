export interface NotionSettings {
  /** Token of the integration. Never in a message. */
  readonly token: string;
  /** Without `/v1`, which the client adds. */
  readonly url: string;
  /** The page that holds the database of figures. */
  readonly pageId: string;
  readonly intervalMs: number;
}
