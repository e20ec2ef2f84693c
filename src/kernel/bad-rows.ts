/** The share of bad rows that is set aside where a project says nothing. */
export const usualBadRows = 0.05;
