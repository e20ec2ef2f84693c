/** What separates the columns of a CSV file. A blank stands for any number of blanks and tabs. */
export const delimiters = [',', ';', '\t', '|', ' '] as const;

/** Quotes in quotes are doubled, or have a backslash before them. Without quotes, a quote is a character like any other. */
export const quotes = ['"', "'", '\\"', 'none'] as const;

export const decimals = ['.', ','] as const;
