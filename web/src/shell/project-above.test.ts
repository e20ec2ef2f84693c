import { expect, test } from 'vitest';
import { projectAbove } from './project-above.ts';

test.each([
  ['/projects/houses/runs/0123', 'RUN_NOT_FOUND', 'houses'],
  ['/projects/my%20houses/data', 'BLOB_NOT_FOUND', 'my houses'],
  ['/projects/houses/data', 'PROJECT_NOT_FOUND', undefined],
  ['/projects/houses/data', 'ROUTE_NOT_FOUND', undefined],
  ['/projects/houses', 'NOT_READY', undefined],
  ['/apps/house-price', 'MODEL_NOT_FOUND', undefined],
] as const)('%s with %s is below %s', (path, code, project) => {
  expect(projectAbove(path, { code })).toBe(project);
});
