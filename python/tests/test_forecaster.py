import json
import sys
import unittest
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent.parent))

from forecaster import Forecaster, learned, one_series  # noqa: E402
from refusal import Refusal  # noqa: E402


def forecaster(predict, types=None):
    opened = Forecaster.__new__(Forecaster)
    opened.loaded = SimpleNamespace(predict=predict)
    opened.raw = None
    opened.flavor = "python_function"
    opened.types = types or {}
    return opened


def ask(opened, series=("Vienna", "Vienna")):
    asked = {
        "columns": {"series": "shop", "time": "month"},
        "series": list(series),
        "times": ["2024-01-01", "2024-02-01"],
        "positions": [90, 91],
        "steps": [1, 2],
    }
    _, body = opened.predict({}, json.dumps(asked).encode())
    return np.frombuffer(body, dtype="<f8").tolist()


class ForecasterTest(unittest.TestCase):
    def test_a_function_is_given_the_columns_of_the_project_and_the_horizon(self):
        seen = []
        ask(forecaster(lambda frame: seen.append(frame) or [1.0, 2.0]))
        self.assertEqual(list(seen[0].columns), ["shop", "month", "horizon"])
        self.assertEqual(seen[0]["month"].iloc[1], pd.Timestamp("2024-02-01"))

    def test_a_signature_names_the_columns_that_it_takes(self):
        values = ask(forecaster(lambda frame: frame["horizon"] * 10, {"horizon": "long"}))
        self.assertEqual(values, [10.0, 20.0])
        with self.assertRaisesRegex(Refusal, "shop, month, horizon"):
            ask(forecaster(None, {"price": "double"}))

    def test_one_of_several_columns_is_the_forecast(self):
        table = pd.DataFrame({"yhat_lower": [0.0, 0.0], "yhat": [3.0, 4.0]})
        self.assertEqual(ask(forecaster(lambda frame: table)), [3.0, 4.0])
        with self.assertRaisesRegex(Refusal, "yhat"):
            ask(forecaster(lambda frame: table.rename(columns={"yhat": "other"})))

    def test_forecasts_are_finite_and_as_many_as_the_rows(self):
        with self.assertRaisesRegex(Refusal, "finite"):
            ask(forecaster(lambda frame: [1.0, float("nan")]))
        with self.assertRaisesRegex(Refusal, "one for each row"):
            ask(forecaster(lambda frame: [1.0]))

    def test_a_model_of_one_series_refuses_several(self):
        one_series("prophet", pd.DataFrame({"series": ["Vienna", "Vienna"]}))
        with self.assertRaisesRegex(Refusal, "one series"):
            one_series("prophet", pd.DataFrame({"series": ["Vienna", "Graz"]}))

    def test_a_model_that_knows_the_tested_values_is_refused(self):
        learned(pd.Timestamp("2023-12-01"), pd.Timestamp("2024-01-01"))
        learned(89, 90)
        for last in (pd.Timestamp("2024-01-01"), pd.Timestamp("2024-06-01")):
            with self.assertRaisesRegex(Refusal, "train it on those before"):
                learned(last, pd.Timestamp("2024-01-01"))


if __name__ == "__main__":
    unittest.main()
