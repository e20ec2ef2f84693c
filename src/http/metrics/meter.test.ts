import { expect, test } from 'vitest';
import { openMeter } from './meter.ts';

/** A line of the text exposition, by Prometheus's own description of the format. */
const sample =
  /^[a-zA-Z_:][\w:]*(?:\{[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*"(?:,[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*")*\})? (?:[-+]?(?:\d+(?:\.\d+)?(?:e[-+]?\d+)?|Inf)|NaN)$/i;

const labels = { project: 'p', model: 'a "quoted"\nname', version: '1', protocol: 'native', code: '200' };

test('what was counted and measured is in the exposition, every line of which can be read', async () => {
  const meter = openMeter();
  meter.count('modelyard_inference_requests_total', labels);
  meter.count('modelyard_inference_requests_total', labels, 2);
  meter.observe('modelyard_model_load_duration_seconds', { model: 'm', version: '1' }, 0.3);
  meter.set('modelyard_model_info', { model: 'm', version: '1', digest: 'd', alias: 'prod' }, 1);
  const lines = (await meter.text()).split('\n').filter((line) => line !== '');
  expect(lines.filter((line) => !line.startsWith('# ') && !sample.test(line))).toEqual([]);
  expect(lines).toContain(
    String.raw`modelyard_inference_requests_total{project="p",model="a \"quoted\"\nname",version="1",protocol="native",code="200"} 3`,
  );
  expect(lines).toContain('modelyard_model_load_duration_seconds_bucket{le="0.25",model="m",version="1"} 0');
  expect(lines).toContain('modelyard_model_load_duration_seconds_bucket{le="1",model="m",version="1"} 1');
  expect(lines).toContain('modelyard_model_info{model="m",version="1",digest="d",alias="prod"} 1');
  expect(meter.contentType).toContain('text/plain');
});

test('a metric or label that is not declared is an error where it is used', () => {
  const meter = openMeter();
  expect(() => meter.count('modelyard_made_up_total', {})).toThrow('(metric: "modelyard_made_up_total"');
  expect(() => meter.set('modelyard_inference_requests_total', labels, 1)).toThrow('with this name and kind');
  expect(() => meter.observe('modelyard_prediction_value', { model: 'm', colour: 'red' }, 1)).toThrow(
    'colour',
  );
});
