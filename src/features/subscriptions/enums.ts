import { codeList } from '../../core/figures/codes.ts';

/** `Plans.FrequencyType`; whatever is not `Days` counts as `Months`. */
export const frequencyTypes = codeList({ Days: [], Months: [] });
