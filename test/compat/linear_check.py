"""Loads a model's folder with MLflow and prints its predictions."""
import json
import sys

import mlflow.pyfunc
import pandas as pd

request = json.load(sys.stdin)
model = mlflow.pyfunc.load_model(request["folder"])
predictions = model.predict(pd.DataFrame(request["rows"]))
print(json.dumps({name: predictions[name].tolist() for name in predictions.columns}))
