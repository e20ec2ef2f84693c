/** Repeats the last season; the last value where there is no season or the series is shorter than one. */
export function seasonalNaiveForecast(values: Float64Array, period: number, horizon: number): Float64Array {
  const back = values.length >= period ? period : 1;
  return Float64Array.from(
    { length: horizon },
    (_, step) => values[values.length - back + (step % back)] as number,
  );
}
