import { parentPort } from 'node:worker_threads';
import { forecastTasks, type PoolRequest } from './forecast-pool.ts';

parentPort?.on('message', (request: PoolRequest) => parentPort?.postMessage(forecastTasks(request)));
