"""Chooses among statsforecast's models by cross-validation before the test, forecasts the last horizon, and prints the result as JSON."""

import json
import os
import resource
import sys

import numpy
import pandas
from statsforecast import StatsForecast
from statsforecast.models import AutoETS, DynamicOptimizedTheta, SeasonalNaive, Theta

if __name__ == "__main__":
    data, horizon = sys.argv[1], int(sys.argv[2])
    frame = pandas.read_csv(data, parse_dates=["month"]).rename(
        columns={"series": "unique_id", "month": "ds", "value": "y"}
    )
    steps_left = frame.groupby("unique_id").cumcount(ascending=False)
    train, test = frame[steps_left >= horizon], frame[steps_left < horizon]
    models = [
        model(season_length=12) for model in (SeasonalNaive, Theta, DynamicOptimizedTheta, AutoETS)
    ]

    def smape(truth, predicted):
        return float(numpy.mean(200 * numpy.abs(truth - predicted) / (numpy.abs(truth) + numpy.abs(predicted))))

    def forecaster(of):
        return StatsForecast(models=of, freq="MS", n_jobs=os.cpu_count(), fallback_model=SeasonalNaive(12))

    validated = forecaster(models).cross_validation(df=train, h=horizon, n_windows=1)
    errors = {str(model): smape(validated["y"], validated[str(model)]) for model in models}
    chosen = min(errors, key=errors.get)
    predicted = forecaster([model for model in models if str(model) == chosen]).forecast(df=train, h=horizon)
    joined = test.merge(predicted, on=["unique_id", "ds"])
    if len(joined) != len(test):
        raise SystemExit(f"{len(test) - len(joined)} test values have no forecast")
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu_seconds = sum(each.ru_utime + each.ru_stime for each in used)
    print(
        json.dumps(
            {
                "cpuSeconds": cpu_seconds,
                "smape": smape(joined["y"], joined[chosen]),
                "chosen": chosen,
                "values": len(test),
            }
        )
    )
