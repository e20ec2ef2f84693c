import type { PredictionLogEvents } from '../../adapters/files/prediction-log.ts';
import type { Log } from '../../kernel/log.ts';
import type { Meter } from '../../kernel/meter.ts';

/** Counts and logs records of predictions that the disk does not take: a line each time that their number has doubled. */
export function reportLosses(log: Log, meter: Meter): PredictionLogEvents {
  let total = 0;
  let reported = 0;
  return {
    lost(project, records) {
      meter.count('modelyard_prediction_log_dropped_total', { project }, records);
      total += records;
      if (total < 2 * reported) return;
      reported = total;
      log.error('predictions were returned without a record', { project, records: total });
    },
    failing: (error) => log.error('the prediction log cannot be written', { error: String(error) }),
    recovered: () => log.info('the prediction log can be written again'),
  };
}
