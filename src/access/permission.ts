/**
 * What a caller must be allowed to do; every route of the server declares one. `deploy` covers everything that changes which
 * version is served: aliases, stages and model names.
 */
export type Permission = 'public' | (typeof granted)[number];

/** The permissions that a role can give. */
export const granted = ['read', 'write', 'run', 'predict', 'deploy', 'delete', 'manage'] as const;
