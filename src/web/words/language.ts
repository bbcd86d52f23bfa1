/** The languages of the page. */
export type Language = 'pt' | 'en';
