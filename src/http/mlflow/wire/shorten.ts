/** A text for a message, which may quote a request but not megabytes of it. */
export function shortened(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
