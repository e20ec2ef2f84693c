"""An MLflow model that forecasts series: their times in, a number for each out."""

import json
from typing import Any, Dict, Tuple

import mlflow.pyfunc
import numpy as np
import pandas as pd

from pyfunc import as_frame, flavor_of, input_types, raw_of
from refusal import Refusal

NAMED = ("yhat", "prediction", "predictions", "forecast", "mean")


def open_forecaster(folder: str) -> "Forecaster":
    return Forecaster(mlflow.pyfunc.load_model(folder))


class Forecaster:
    features: Tuple[str, ...] = ()

    def __init__(self, loaded: Any) -> None:
        self.loaded = loaded
        self.raw = raw_of(loaded)
        self.flavor = flavor_of(loaded.metadata.flavors)
        self.types = input_types(loaded.metadata)

    def predict(self, header: Dict[str, Any], body: bytes) -> Tuple[Dict[str, Any], bytes]:
        request = json.loads(body)
        rows = pd.DataFrame(
            {
                "series": request["series"],
                "time": times_of(request["times"]),
                "position": request["positions"],
                "horizon": request["steps"],
            }
        )
        forecast = {"statsmodels": self.statsmodels, "prophet": self.prophet}.get(self.flavor, self.function)
        values = np.asarray(forecast(rows, request["columns"]), dtype="float64").ravel()
        if len(values) != len(rows):
            raise Refusal("MODEL_UNSUPPORTED", "predictions", len(values), f"The model must return {len(rows)}, one for each row.")
        if not np.isfinite(values).all():
            row = rows[~np.isfinite(values)].iloc[0]
            raise Refusal("MODEL_UNSUPPORTED", f'series "{row["series"]}" at {row["time"]}', "NaN", "The model must return finite numbers.")
        return {}, values.astype("<f8").tobytes()

    def statsmodels(self, rows: pd.DataFrame, columns: Dict[str, str]) -> Any:
        """A time series model takes `start` and `end`: times if it was trained on an index of times, else positions."""
        from statsmodels.tsa.base.tsa_model import TimeSeriesModel

        model = self.raw.model
        if not isinstance(model, TimeSeriesModel):
            return self.function(rows, columns)
        one_series(self.flavor, rows)
        index = model._index
        dated = isinstance(index, (pd.DatetimeIndex, pd.PeriodIndex))
        index_values = rows["time" if dated else "position"]
        last = index[-1].start_time if isinstance(index, pd.PeriodIndex) else index[-1]
        learned(last, index_values.iloc[0])
        values = self.loaded.predict(pd.DataFrame({"start": [index_values.iloc[0]], "end": [index_values.iloc[-1]]}))
        return values

    def prophet(self, rows: pd.DataFrame, columns: Dict[str, str]) -> Any:
        one_series(self.flavor, rows)
        learned(self.raw.history["ds"].max(), rows["time"].iloc[0])
        return self.loaded.predict(pd.DataFrame({"ds": rows["time"]}))["yhat"]

    def function(self, rows: pd.DataFrame, columns: Dict[str, str]) -> Any:
        frame = rows.rename(columns={"series": columns["series"], "time": columns["time"]}).drop(columns="position")
        unknown = [name for name in self.types if name not in frame.columns]
        if unknown:
            given = ", ".join(frame.columns)
            raise Refusal("MODEL_UNSUPPORTED", f"input {unknown[0]}", None, f"A forecaster is given the columns {given}: log a model of those.")
        output = as_frame(self.loaded.predict(frame[list(self.types)] if self.types else frame))
        if output.shape[1] == 1:
            return output.iloc[:, 0]
        name = next((each for each in NAMED if each in output.columns), None)
        if name is None:
            names = ", ".join(map(str, output.columns))
            raise Refusal("MODEL_UNSUPPORTED", "output columns", names, "A forecaster must return one column, or one named yhat.")
        return output[name]


def times_of(times: Any) -> Any:
    if all(isinstance(each, str) for each in times):
        return pd.to_datetime(pd.Series(times), utc=True).dt.tz_localize(None)
    return times


def one_series(flavor: str, rows: pd.DataFrame) -> None:
    count = rows["series"].nunique()
    if count > 1:
        raise Refusal(
            "MODEL_UNSUPPORTED",
            "series",
            count,
            f"A model of {flavor} forecasts one series: log a Python model that takes the series as a column.",
        )


def learned(last: Any, first: Any) -> None:
    """A model that learned from the values that it is judged on would be judged on what it knows."""
    if last >= first:
        raise Refusal(
            "MODEL_UNSUPPORTED",
            "last value that it learned from",
            str(last),
            f"It is judged on the values from {first} on: train it on those before.",
        )
