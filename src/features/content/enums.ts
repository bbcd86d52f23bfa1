/** `Videos.Status`, by its number. */
export const PROCESSING_STATUS = 0;
export const AVAILABLE_STATUS = 1;
export const ERROR_STATUS = 2;
