/** Statuses of claims that are not decided yet. */
export const ACTIVE_STATUSES: readonly (number | null)[] = [0, 1, 2];
export const WON_STATUS = 3;
export const LOST_STATUS = 4;
