"""Trains a model of the visits and logs it as a version, as a user of MLflow would; prints what it predicts for a row."""

import json
import sys
import warnings
from importlib.metadata import PackageNotFoundError, version

import mlflow
import numpy
import pandas

warnings.simplefilter("ignore")
asked = json.loads(sys.stdin.readline())
rows = pandas.read_csv(asked["csv"])
inputs = rows[["pages", "minutes"]].astype("float64")
target = rows[asked["model"]]
train = slice(0, 300)
row = pandas.DataFrame([asked["row"]]).astype("float64")[["pages", "minutes"]]


def installed(*names):
    """The packages that are here, with their versions: another environment takes minutes to install."""
    for name in names:
        try:
            yield f"{name}=={version(name)}"
        except PackageNotFoundError:
            continue


def sklearn():
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    kind = RandomForestRegressor if asked["model"] == "spent" else RandomForestClassifier
    model = kind(n_estimators=20, max_depth=asked.get("depth", 4), random_state=1).fit(inputs[train], target[train])
    return mlflow.sklearn, model


def lightgbm():
    import lightgbm as library

    kind = library.LGBMRegressor if asked["model"] == "spent" else library.LGBMClassifier
    model = kind(n_estimators=20, num_leaves=4, verbose=-1).fit(inputs[train], target[train])
    return mlflow.lightgbm, model


def xgboost():
    import xgboost as library

    if asked["model"] == "spent":
        model = library.XGBRegressor(n_estimators=20, max_depth=3).fit(inputs[train], target[train])
        return mlflow.xgboost, model
    if asked["model"] == "bought":
        model = library.train(
            {"objective": "binary:logistic", "max_depth": 3},
            library.DMatrix(inputs[train], target[train]),
            num_boost_round=20,
        )
        return mlflow.xgboost, model
    return sklearn()


libraries = ["mlflow", "pandas", "numpy", "scikit-learn", "lightgbm", "xgboost", "xgboost-cpu"]
flavor, model = {"sklearn": sklearn, "xgboost": xgboost, "lightgbm": lightgbm}[asked["how"]]()
name = "xgb_model" if flavor is getattr(mlflow, "xgboost", None) else "lgb_model" if flavor is mlflow.lightgbm else "sk_model"
with mlflow.start_run():
    logged = flavor.log_model(
        model,
        name="model",
        registered_model_name=asked["model"],
        input_example=inputs.head(),
        pip_requirements=list(installed(*libraries)),
    )
if hasattr(model, "predict_proba"):
    predicted = model.predict_proba(row)[0].tolist()
else:
    predicted = numpy.asarray(mlflow.pyfunc.load_model(logged.model_uri).predict(row)).ravel().tolist()
print(json.dumps({"version": int(logged.registered_model_version), "predicted": predicted}))
