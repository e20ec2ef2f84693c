import { z } from 'zod';
import { model, page } from './common-input.ts';
import { flag } from './reading-input.ts';
import type {
  ModelVersionsFound,
  ModelVersionView,
  RegisteredModelsFound,
  RegisteredModelView,
} from './registry-views.ts';
import { route } from './route.ts';

/** What the pages of registered models read; a part of `routes`. */
export const registryRoutes = {
  /** Models that projects and MLflow clients registered, without prompts. */
  listRegisteredModels: route<RegisteredModelsFound>()({
    method: 'GET',
    path: '/api/registered-models',
    permission: 'read',
    input: z.object({
      /** Only models that have this text in their name, in any case. @default all of them */
      contains: z.string().max(250).optional(),
      /** By name, or the last changed first. @default 'name' */
      order: z.enum(['name', 'updated']).optional(),
      ...page,
      /** Whether to count what the search finds on all its pages. @default false */
      count: flag.optional(),
    }),
  }),
  /** A model with its aliases, and the endpoint that serves it. */
  getRegisteredModel: route<RegisteredModelView>()({
    method: 'GET',
    path: '/api/registered-models/:model',
    permission: 'read',
    input: z.object({ model }),
  }),
  /** The highest number first. */
  listModelVersions: route<ModelVersionsFound>()({
    method: 'GET',
    path: '/api/registered-models/:model/versions',
    permission: 'read',
    input: z.object({
      model,
      ...page,
    }),
  }),
  /** A version with its signature and every verdict of the gate. */
  getModelVersion: route<ModelVersionView>()({
    method: 'GET',
    path: '/api/registered-models/:model/versions/:version',
    permission: 'read',
    input: z.object({ model, version: z.coerce.number().int().min(1) }),
  }),
} as const;
