/**
 * What a caller must be allowed to do; every route of the server declares one. `deploy` is what changes which version
 * answers: aliases, stages and names of models.
 */
export type Permission = 'public' | 'read' | 'write' | 'run' | 'predict' | 'deploy' | 'delete' | 'manage';
