const longestName = 250;
const longestAlias = 255;
const longestTagKey = 250;
const longestTagValue = 100_000;

// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const controlCharacter = /[\u0000-\u001f\u007f]/;

/** What would make two names that look the same: joiners, marks of direction, ends of lines. */
const unseenCharacter = /[\p{Cf}\p{Zl}\p{Zp}]/u;

/** Why a model may not have the name, in the words that clients of MLflow know; undefined for a good one. */
export function modelNameFault(name: string): string | undefined {
  if (!name.trim()) return 'Registered model name cannot be empty.';
  if (/[/:]/.test(name)) return `Invalid model name '${name}'. Names cannot contain '/' or ':'.`;
  if (controlCharacter.test(name)) return 'Invalid model name: names cannot contain control characters.';
  if (unseenCharacter.test(name))
    return 'Invalid model name: names cannot contain characters that are not seen.';
  return name.length > longestName
    ? `Invalid model name: it has ${name.length} characters, and ${longestName} are the most.`
    : undefined;
}

/** The same for an alias. 'latest' and 'v3' would hide what they mean in a model's address. */
export function aliasFault(alias: string): string | undefined {
  if (!/^[\p{L}\p{N}_-]+$/u.test(alias))
    return `Invalid alias name: '${alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-).`;
  if (alias.length > longestAlias)
    return `Invalid alias name: it has ${alias.length} characters, and ${longestAlias} are the most.`;
  if (isLatest(alias)) return "'latest' alias name (case insensitive) is reserved.";
  return /^v\d+$/i.test(alias) ? `Version alias name '${alias}' is reserved.` : undefined;
}

/** Whether it asks for the newest version instead of an alias. */
export function isLatest(alias: string): boolean {
  return alias.toLowerCase() === 'latest';
}

/** The same for a tag of a model or a version. */
export function tagFault(key: string, value: string): string | undefined {
  if (!/^[\p{L}\p{N}_.\- :/]+$/u.test(key))
    return `Invalid tag name: '${key}'. Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).`;
  if (key.length > longestTagKey)
    return `Tag key '${key.slice(0, longestTagKey)}' had length ${key.length}, which exceeded length limit of ${longestTagKey}`;
  return value.length > longestTagValue
    ? `Tag value of '${key}' had length ${value.length}, which exceeded length limit of ${longestTagValue}`
    : undefined;
}

const webhookName = /^[a-z0-9](?:[-a-z0-9_.]*[a-z0-9])?$/i;

/** The same for a webhook. */
export function webhookNameFault(name: string): string | undefined {
  if (!name.trim()) return 'Webhook name cannot be empty or just whitespace.';
  if (webhookName.test(name) && name.length <= 63) return undefined;
  return `Invalid webhook name: '${name}'. It has 1 to 63 characters, begins and ends with a letter or a digit, and holds letters, digits, '-', '_' and '.' alone.`;
}
