import { type Static, Type } from '@sinclair/typebox';
import { InstantText } from '../runtime/schema.ts';

/** The hub of notifications that concern several features. */
export const ALL_HUBS = 'all';

/** A notification as hubs, REST and the store have it. */
export const Notification = Type.Object(
  {
    id: Type.Integer({
      minimum: 0,
      description: 'Grows with every notification, across restarts too; a repeated notification has the same id',
      examples: [1774958400000],
    }),
    hub: Type.String({ description: 'The hub it is about; `all` if it is about several', examples: ['claims'] }),
    severity: Type.Union([Type.Literal('info'), Type.Literal('warning'), Type.Literal('critical')], {
      examples: ['critical'],
    }),
    title: Type.String({ examples: ['Claim 17 turned critical'] }),
    message: Type.String({ examples: ['Mediations, open for 31 days, R$99.90 at risk'] }),
    at: InstantText('When it was noticed'),
    data: Type.Record(Type.String(), Type.Unknown(), {
      description: 'Details for programs; the members depend on the rule',
      examples: [{ id: 17, claim_type: 'Mediations', days_open: 31, amount_at_risk: 99.9 }],
    }),
  },
  { $id: 'Notification', description: 'An event, reported once' },
);
export type Notification = Static<typeof Notification>;
