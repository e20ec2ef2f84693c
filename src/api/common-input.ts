import { z } from 'zod';

/** A name or an id. */
export const name = z.string().min(1).max(200);
/** MLflow's longest names of a model and of an alias. */
export const model = z.string().min(1).max(250);
export const alias = z.string().min(1).max(255);
export const version = z.number().int().min(1);
/** Ids, or names of registered models. */
export const ids = z.array(model).max(1000).optional();
export const experimentList = z.array(z.string().min(1).max(500)).max(1000).optional();
/** Of a metric, a param or a tag. */
export const key = z.string().min(1).max(250);
export const keys = z.array(key).max(1000);
/** Lines of one request. */
export const mostCurves = 400;
export const why = z.string().max(1000).optional();
/** Whether a person on a page or a program of ours asks. @default 'api' */
export const askedBy = z.enum(['person', 'client', 'api']).optional();

/** A page of a list, of 100 where the caller does not say. */
export const page = {
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  offset: z.coerce.number().int().min(0).max(1_000_000_000).default(0),
};
