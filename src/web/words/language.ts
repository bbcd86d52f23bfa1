/** What the page speaks. */
export type Language = 'pt' | 'en';
