import { expect, test } from 'vitest';
import { titleOf } from './title.ts';

test.each([
  ['runsInTheLastFiveOvers', 'Runs in the last five overs'],
  ['last_five', 'Last five'],
  ['USA', 'USA'],
  ['country_USA', 'Country USA'],
  ['countryUSA', 'Country USA'],
  ['isUSAMember', 'Is USA member'],
  ['pH', 'pH'],
  ['water_pH', 'Water pH'],
  ['xG', 'xG'],
  ['teamA', 'Team A'],
  ['ENGINE_SIZE', 'Engine size'],
  ['Engine_Size', 'Engine size'],
  ['BMI', 'BMI'],
  ['SIZE', 'Size'],
  ['per-key2Value', 'Per key2 value'],
  ['x', 'X'],
  ['', ''],
])('%j reads as %j', (name, title) => expect(titleOf(name)).toBe(title));
