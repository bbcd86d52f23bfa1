import type { About } from '../../client/index.ts';

/** Types of the catalogue that `GET /api/about` answers. */

export type AboutFeature = About['features'][number];
export type Title = AboutFeature['title'];
export type Figure = AboutFeature['figures'][number];
export type Unit = Figure['unit'];
export type GoodDirection = Figure['good'];
type Column = AboutFeature['lists'][number]['columns'][number];
export type ColumnKind = Column['kind'];
