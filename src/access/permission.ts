/**
 * What a caller must be allowed to do; every route of the server declares one. `deploy` covers everything that changes which
 * version is served: aliases, stages and model names.
 */
export type Permission = 'public' | 'read' | 'write' | 'run' | 'predict' | 'deploy' | 'delete' | 'manage';
