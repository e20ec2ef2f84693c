/**
 * Cuts a JSON object before its member `name` and closes it; undefined if that is not possible. Nested members with the
 * same name do not count.
 * @example jsonBefore('{"info":{"innings":1},"innings":[…]}', 'innings') // '{"info":{"innings":1}}'
 */
export function jsonBefore(text: string, name: string): string | undefined {
  const quotedName = JSON.stringify(name);
  let depth = 0;
  let comma = -1;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charAt(at)) {
      case '{':
      case '[':
        depth += 1;
        break;
      case '}':
      case ']':
        depth -= 1;
        break;
      case ',':
        if (depth === 1) comma = at;
        break;
      case '"':
        if (depth === 1 && comma >= 0 && isKey(text, at, quotedName)) return `${text.slice(0, comma)}}`;
        at = endOfString(text, at);
        break;
      default:
    }
  }
  return undefined;
}

function isKey(text: string, at: number, quotedName: string): boolean {
  return (
    text.startsWith(quotedName, at) &&
    /^\s*:/.test(text.slice(at + quotedName.length, at + quotedName.length + 20))
  );
}

/** The position of the quote that ends the string that begins at `at`. */
function endOfString(text: string, at: number): number {
  let end = text.indexOf('"', at + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === '\\') slashes += 1;
  return slashes % 2 === 1;
}
