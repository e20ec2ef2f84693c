const longestName = 250;
const longestAlias = 255;

// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const controlCharacter = /[\u0000-\u001f\u007f]/;

/** Characters that can make two names look the same: joiners, direction marks, line ends. */
const unseenCharacter = /[\p{Cf}\p{Zl}\p{Zp}]/u;

/** Why a model name is invalid, in MLflow's wording; undefined for a valid one. */
export function modelNameFault(name: string): string | undefined {
  if (!name.trim()) return 'Registered model name cannot be empty.';
  if (/[/:]/.test(name)) return `Invalid model name '${name}'. Names cannot contain '/' or ':'.`;
  if (controlCharacter.test(name)) return 'Invalid model name: names cannot contain control characters.';
  if (unseenCharacter.test(name)) return 'Invalid model name: names cannot contain invisible characters.';
  return name.length > longestName
    ? `Invalid model name: it has ${name.length} characters; at most ${longestName} are allowed.`
    : undefined;
}

/** The same for an alias. 'latest' and 'v3' are reserved, because in a model's address they mean versions. */
export function aliasFault(alias: string): string | undefined {
  const fault = aliasTextFault(alias);
  if (fault) return fault;
  if (isLatest(alias)) return "'latest' alias name (case insensitive) is reserved.";
  return /^v\d+$/i.test(alias) ? `Version alias name '${alias}' is reserved.` : undefined;
}

/** Why an alias name is invalid, without the reserved names. */
export function aliasTextFault(alias: string): string | undefined {
  if (!/^[\p{L}\p{N}_-]+$/u.test(alias))
    return `Invalid alias name: '${alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-).`;
  return alias.length > longestAlias
    ? `'Registered model alias name' exceeds the maximum length of ${longestAlias} characters`
    : undefined;
}

/** Whether the name asks for the newest version instead of an alias. */
export function isLatest(alias: string): boolean {
  return alias.toLowerCase() === 'latest';
}

const webhookName = /^[a-z0-9](?:[-a-z0-9_.]{0,61}[a-z0-9])?$/i;

/** Whether a webhook name is valid: 1 to 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends. */
export function isWebhookName(name: string): boolean {
  return webhookName.test(name);
}
