"""Makes rows, or learns from them as people do with pandas and XGBoost: `make rows file` or `fit file`."""

import os
import sys

# Threads that wait must not count as work.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numpy
import pandas


def make(rows, file):
    random = numpy.random.default_rng(1)
    towns = numpy.array(["Pune", "Delhi", "Mumbai", "Chennai", "Kolkata", "Jaipur", "Surat", "Indore"])
    kinds = numpy.array(["flat", "house", "villa", "studio"])
    town, kind = random.integers(0, 8, rows), random.integers(0, 4, rows)
    day = random.integers(0, 3285, rows)
    area, rooms, age = random.lognormal(4.4, 0.4, rows).round(1), random.integers(1, 8, rows), random.integers(0, 81, rows)
    distance = random.exponential(8, rows).round(2)
    price = area * (2 + town * 0.3 + kind * 0.5) - age * 0.7 - distance * 3 + rooms * 5 + day / 60 + random.normal(0, 15, rows)
    distance[random.random(rows) < 0.03] = numpy.nan
    frame = {
        "id": numpy.arange(rows) + 1,
        "date": numpy.datetime64("2015-01-01") + day,
        "town": towns[town],
        "kind": kinds[kind],
        "area": area,
        "rooms": rooms,
        "age": age,
        "distance": distance,
        "price": price.round(2),
    }
    pandas.DataFrame(frame).to_csv(file, index=False, float_format="%.10g")


def fit(file):
    import xgboost

    frame = pandas.read_csv(file, parse_dates=["date"]).sort_values("date", kind="stable")
    features = pandas.get_dummies(frame.drop(columns=["id", "date", "price"]), columns=["town", "kind"])
    for part in ["year", "month", "day_of_week"]:
        features[part] = getattr(frame["date"].dt, part)
    features = features.astype("float32")
    train, test = slice(0, len(frame) * 16 // 25), slice(len(frame) * 4 // 5, None)
    validation = slice(train.stop, test.start)
    # As our defaults.
    options = {"learning_rate": 0.1, "max_depth": 6, "tree_method": "hist"}
    model = xgboost.XGBRegressor(n_estimators=300, early_stopping_rounds=20, **options)
    price = frame["price"]
    model.fit(features[train], price[train], eval_set=[(features[validation], price[validation])], verbose=False)
    both = slice(0, test.start)
    final = xgboost.XGBRegressor(n_estimators=model.best_iteration + 1, **options)
    final.fit(features[both], price[both])
    print(f"MAE {abs(final.predict(features[test]) - price[test]).mean():.4f} with {model.best_iteration + 1} trees")


if sys.argv[1] == "make":
    make(int(sys.argv[2]), sys.argv[3])
else:
    fit(sys.argv[2])
