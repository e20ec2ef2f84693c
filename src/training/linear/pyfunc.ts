import type { MlflowFlavors, ModelFile } from '../../project/models/trainer.ts';
import { textFile } from '../model-file.ts';
import { linearFile } from './model.ts';

const moduleName = 'modelyard_linear';
const codeFolder = 'code';

/** Loads linear.json in Python, with the calibration that Modelyard writes beside it. */
const moduleText = `"""Predicts with a linear or logistic model of Modelyard."""
import json
import os

import numpy as np
import pandas as pd


def _load_pyfunc(path):
    with open(path, encoding="utf-8") as file:
        model = json.load(file)
    rule = os.path.join(os.path.dirname(path), "modelyard", "prediction.json")
    curves = None
    if os.path.exists(rule):
        with open(rule, encoding="utf-8") as file:
            curves = (json.load(file).get("calibration") or {}).get("curves")
    return LinearModel(model, curves)


class LinearModel:
    def __init__(self, model, curves):
        self.model = model
        self.curves = curves

    def predict(self, data, params=None):
        """A number, the probability of yes, or a column of probabilities for each class."""
        model = self.model
        values = np.asarray(data[model["features"]], dtype=np.float32).astype(np.float64)
        scaled = (values - model["means"]) / model["deviations"]
        scaled[np.isnan(values)] = 0
        weights = np.array([output["weights"] for output in model["outputs"]])
        scores = scaled @ weights.T + [output["intercept"] for output in model["outputs"]]
        kind = model["target"]["kind"]
        if kind == "number":
            return pd.DataFrame({"prediction": scores[:, 0]}, index=data.index)
        if kind == "boolean":
            yes = self._calibrated(1 / (1 + np.exp(-scores)))[:, 0]
            return pd.DataFrame({"prediction": yes}, index=data.index)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares = self._calibrated(powers / powers.sum(axis=1, keepdims=True))
        return pd.DataFrame(shares, columns=model["target"]["classes"], index=data.index)

    def _calibrated(self, probabilities):
        if not self.curves:
            return probabilities
        columns = [_curve(curve, probabilities[:, at]) for at, curve in enumerate(self.curves)]
        values = np.stack(columns, axis=1)
        if values.shape[1] == 1:
            return values
        sums = values.sum(axis=1, keepdims=True)
        return np.where(sums == 0, 1 / values.shape[1], values / np.where(sums == 0, 1, sums))


def _curve(curve, probability):
    if curve["method"] == "sigmoid":
        inside = np.clip(probability, 1e-7, 1 - 1e-7)
        odds = np.log(inside / (1 - inside))
        return 1 / (1 + np.exp(-(curve["slope"] * odds + curve["intercept"])))
    if curve["method"] == "isotonic":
        return np.interp(probability, curve["from"], curve["to"])
    return probability
`;

/** The Python code of the flavor, a file of the model's folder. */
export const pyfuncCode: ModelFile = textFile(`${codeFolder}/${moduleName}.py`, moduleText);

/** MLflow loads the model as a Python function with NumPy and pandas alone. */
export function linearFlavors(): MlflowFlavors {
  return {
    flavors: { python_function: { code: codeFolder, data: linearFile, loader_module: moduleName } },
    requirements: ['numpy>=1.24', 'pandas>=2'],
  };
}
