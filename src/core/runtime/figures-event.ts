import { type Static, type TObject, type TProperties, Type } from '@sinclair/typebox';
import type { HubEvent } from './define-feature.ts';
import { EmissionType } from './schema.ts';

/**
 * An event whose argument has parts of the snapshot's data and, as `type`, why it is sent.
 *
 * @example
 * figuresEvent('ContentMetricsUpdate', ContentData, ['summary']) // sends { summary, type: 'Auto' }
 */
export function figuresEvent<Properties extends TProperties>(
  target: string,
  data: TObject<Properties>,
  parts: readonly (keyof Properties & string)[],
): HubEvent<Static<TObject<Properties>>> {
  const schemas = Object.entries(data.properties).filter(([name]) => parts.includes(name));
  return {
    target,
    schema: Type.Object({ ...Object.fromEntries(schemas), type: EmissionType }, { $id: target }),
    argument: (values: Readonly<Record<string, unknown>>, type) => ({
      ...Object.fromEntries(parts.map((name) => [name, values[name]])),
      type,
    }),
  };
}
