/** What a caller must be allowed to do; every route of the server declares one. */
export type Permission = 'public' | 'read' | 'write' | 'run' | 'predict' | 'delete' | 'manage';
