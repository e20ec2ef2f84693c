/** The running copy of zod, for projects that import `zod` themselves. */
export * from 'zod';
// oxlint-disable-next-line import/no-default-export -- zod has one
export { z as default } from 'zod';
