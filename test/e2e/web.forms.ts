import type { EndpointView, ProjectView } from '../../src/api/views.ts';

const long = 'w'.repeat(60);

/** A form without an example, with names that have no space and ranges that are long. */
export const longForm: Pick<EndpointView, 'request' | 'examples' | 'seen'> = {
  request: {
    type: 'object',
    required: [long, 'zipcode'],
    properties: {
      [long]: { type: 'number', title: long },
      zipcode: { type: 'integer', title: 'Zipcode' },
      town: { type: 'string', enum: [long, 'b', 'c', 'd', 'e', 'f'], title: 'Town' },
      street: { type: 'integer', title: `Street ${long}`, description: long },
      year: { type: 'integer', title: 'Year' },
      size: { type: 'integer', title: 'Size of the house with its garden', unit: 'square metres' },
    },
  },
  examples: [],
  seen: Object.fromEntries(
    [long, 'zipcode', 'street', 'year', 'size'].map((name) => [
      name,
      { kind: 'number', low: 98_001, high: 98_199.125, quartiles: [98_033, 98_065, 98_118], missing: 0 },
    ]),
  ),
};

/** The project with its only version held. */
export function heldFirst(project: ProjectView): ProjectView {
  return {
    ...project,
    models: project.models.map((model) => ({
      ...model,
      live: null,
      history: [],
      versions: model.versions.map((version) => ({
        ...version,
        aliases: [],
        verdict: version.verdict && {
          ...version.verdict,
          decision: { kind: 'hold', because: 'below-baseline', metric: 'mae', gain: -0.28 },
          summary: 'held: MAE is 0.28 runs higher than always predicting the median',
        },
      })),
    })),
  };
}
