import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { EmissionType } from '../../../../src/core/runtime/schema.ts';
import { ScriptedData, type ScriptedFeatures, scriptFeatures } from '../scripted-features.ts';

/** The one event of a hub whose feature is scripted. */
export const FIGURE = 'Figure';

const Figure = Type.Object({ hub: Type.String(), value: Type.Integer(), type: EmissionType, filler: Type.String() });

/** Scripted features, whose hubs have an event: which feature, its figure, and why it is sent. */
export function figureFeatures<Name extends string>(first: Name, ...others: readonly Name[]): ScriptedFeatures<Name> {
  const scripted = scriptFeatures(first, ...others);
  return {
    ...scripted,
    features: scripted.features.map((feature) => ({
      ...feature,
      hub: { events: [{ target: FIGURE, schema: Figure, argument: figureEvent(feature.name) }] },
    })),
  };
}

function figureEvent(hub: string) {
  return (data: unknown, type: string) => {
    if (Value.Check(ScriptedData, data)) return { hub, ...data, type };
    throw new TypeError('Not the data of a scripted feature');
  };
}
