import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ErrorBody, JsonObject, PredictionView } from '../../../src/client/index.ts';
import { client } from '../queries.ts';
import { asErrorBody } from '../shell/error-body.ts';

export interface PredictionRequest {
  readonly endpoint: string;
  /** Undefined while the form has a problem. */
  readonly request: JsonObject | undefined;
  /** Whether the page shows why. */
  readonly explain: boolean;
}

export interface LatestPrediction {
  /** The latest prediction, possibly for an earlier request. */
  readonly latest: PredictionView | undefined;
  /** Whether it is for the present request. */
  readonly current: boolean;
  readonly error: ErrorBody | undefined;
  /** Sends the same request again after a failure. */
  readonly retry: () => void;
}

/** Predicts again whenever the request changes, and aborts the earlier call. */
export function usePrediction({ endpoint, request, explain }: PredictionRequest): LatestPrediction {
  const query = useQuery({
    queryKey: ['predict', endpoint, request, explain],
    queryFn: ({ signal }) => client.predict({ endpoint, request: request ?? {}, explain }, { signal }),
    enabled: request !== undefined,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    retry: false,
  });
  const { data, error, isPlaceholderData, isFetching } = query;
  return {
    latest: useLast(data),
    current: data !== undefined && request !== undefined && !isPlaceholderData && !isFetching,
    error: request === undefined || !error ? undefined : asErrorBody(error),
    retry: () => void query.refetch(),
  };
}

/** The last defined value. */
function useLast<Value>(value: Value | undefined): Value | undefined {
  const [last, setLast] = useState(value);
  if (value !== undefined && value !== last) setLast(value);
  return value ?? last;
}

/** A value once it has not changed for a while. The first is taken at once. */
export function useDebounced<Value>(value: Value, ms: number): Value {
  const [debounced, setDebounced] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setDebounced(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return debounced;
}
