import { z } from 'zod';

/** The part of XGBoost's JSON format that we write and read: trees that are added up. */
export const booster = 'gbtree';

/** The layout that we write; XGBoost reads files of older releases. */
export const formatVersion = [2, 1, 0] as const;

/** The attribute that holds the features' true names as a JSON list, where XGBoost refuses one of them. */
export const trueNames = 'modelyard_feature_names';

/** The attribute that holds the names of a model's classes as a JSON list. */
export const classNames = 'modelyard_classes';

/** XGBoost's number for 'no parent'. */
export const noParent = 2 ** 31 - 1;

/** An array whose numbers are checked later, when they are copied to typed arrays: there may be millions. */
const numbers = z.custom<readonly unknown[]>((value) => Array.isArray(value));

export const treeSchema = z.object({
  tree_param: z.object({ size_leaf_vector: z.string().optional() }),
  left_children: numbers,
  right_children: numbers,
  split_indices: numbers,
  split_conditions: numbers,
  default_left: numbers,
  sum_hessian: numbers,
  loss_changes: numbers,
  split_type: numbers.optional(),
  categories: numbers.optional(),
  categories_nodes: numbers.optional(),
  categories_segments: numbers.optional(),
  categories_sizes: numbers.optional(),
});

export type TreeText = z.output<typeof treeSchema>;

export const modelSchema = z.object({
  version: z.array(z.number()),
  learner: z.object({
    attributes: z.record(z.string(), z.string()).default({}),
    feature_names: z.array(z.string()).default([]),
    objective: z.object({ name: z.string() }),
    learner_model_param: z.object({
      base_score: z.string(),
      num_class: z.string(),
      num_feature: z.string(),
      num_target: z.string().default('1'),
    }),
    // Other boosters keep their trees elsewhere, and are refused by name.
    gradient_booster: z.object({ name: z.string(), model: z.unknown().optional() }),
  }),
});

export const boosterSchema = z.object({ trees: z.array(z.unknown()), tree_info: numbers });
