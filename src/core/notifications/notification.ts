import { type Static, Type } from '@sinclair/typebox';
import { InstantText } from '../runtime/schema.ts';

/** A notification as hubs, REST and the store have it. */
export const Notification = Type.Object(
  {
    id: Type.Integer({
      minimum: 0,
      description: 'Grows with every notification, across restarts too; one that comes twice has the same id',
      examples: [1774958400000],
    }),
    hub: Type.String({ description: 'The hub it is about; `all` where it is about several', examples: ['claims'] }),
    severity: Type.Union([Type.Literal('info'), Type.Literal('warning'), Type.Literal('critical')], {
      examples: ['critical'],
    }),
    title: Type.String({ examples: ['Claim 17 turned critical'] }),
    message: Type.String({ examples: ['Mediations, open for 31 days, R$99.90 at risk'] }),
    at: InstantText('When it was noticed'),
    data: Type.Record(Type.String(), Type.Unknown(), {
      description: 'What a program wants to know of it; its members depend on what happened',
      examples: [{ id: 17, claim_type: 'Mediations', days_open: 31, amount_at_risk: 99.9 }],
    }),
  },
  { $id: 'Notification', description: 'Something that happened, told once' },
);
export type Notification = Static<typeof Notification>;
