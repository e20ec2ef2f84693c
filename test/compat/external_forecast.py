"""Trains a forecaster of the months before the last `horizon` ones and logs it as a version, as a user of MLflow would."""

import json
import sys
import warnings
from importlib.metadata import version

import mlflow
import pandas

warnings.simplefilter("ignore")
asked = json.loads(sys.stdin.readline())
rows = pandas.read_csv(asked["csv"], parse_dates=["month"])
values = rows.set_index("month")["sold"].asfreq("MS")
horizon, how = asked["horizon"], asked["how"]
known = values if how == "leaked" else values.iloc[:-horizon]
requirements = [f"{name}=={version(name)}" for name in ("mlflow", "pandas", "numpy", "scipy", "statsmodels")]
first = values.index[-1] + pandas.DateOffset(months=1)
ahead = pandas.date_range(first, periods=horizon, freq="MS")


class LastSeason(mlflow.pyfunc.PythonModel):
    """Repeats the last year of each series."""

    def __init__(self, seasons):
        self.seasons = seasons

    def predict(self, context, model_input, params=None):
        return [
            self.seasons[shop][month.month - 1]
            for shop, month in zip(model_input["shop"], model_input["month"])
        ]


if how == "function":
    year = known.iloc[-12:]
    seasons = {"Vienna": [float(year[year.index.month == month].iloc[0]) for month in range(1, 13)]}
    model = LastSeason(seasons)
    example = pandas.DataFrame({"shop": ["Vienna"], "month": [ahead[0]], "horizon": [1]})
    predicted = [seasons["Vienna"][month.month - 1] for month in ahead]

    def log(**options):
        return mlflow.pyfunc.log_model(python_model=model, input_example=example, **options)

else:
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    numbered = how == "numbered"
    series = pandas.Series(known.to_numpy()) if numbered else known
    model = ExponentialSmoothing(series, trend="add", seasonal="mul", seasonal_periods=12).fit()
    end = len(values) + horizon - 1
    predicted = (model.predict(len(values), end) if numbered else model.predict(ahead[0], ahead[-1])).tolist()

    def log(**options):
        return mlflow.statsmodels.log_model(model, **options)


with mlflow.start_run():
    logged = log(name="model", registered_model_name="sales", pip_requirements=requirements)
print(json.dumps({"version": int(logged.registered_model_version), "predicted": predicted}))
