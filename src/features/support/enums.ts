import { codeList } from '../../core/figures/codes.ts';

/** `status` of a ticket. */
export const ticketStatuses = codeList({ Open: [], InProgress: [], Closed: [] });

/** `level` of a log entry, the most severe first. */
export const logLevels = codeList({ Critical: [], Error: [], Warning: [], Information: [], Debug: [] });
