/** 'Trees' of 'trees'. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A title within a sentence: 'always home' of 'Always home'; an abbreviation such as 'MAE', 'R²' or 'F1' stays. */
export function uncapitalized(text: string): string {
  return /^\p{Lu}\p{Ll}/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
