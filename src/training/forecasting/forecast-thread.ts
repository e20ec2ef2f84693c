import { parentPort } from 'node:worker_threads';
import { type ForecastJob, runForecastJob } from './forecast-jobs.ts';

parentPort?.on('message', (job: ForecastJob) => parentPort?.postMessage(runForecastJob(job)));
