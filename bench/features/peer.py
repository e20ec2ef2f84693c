"""Joins the requests of tables.ts with Feast's views, and prints the result that task.ts describes."""

import json
import sys
import time
import warnings
from datetime import timedelta
from pathlib import Path

warnings.filterwarnings("ignore")

import numpy
import pandas
from feast import Entity, FeatureStore, FeatureView, Field, FileSource, RepoConfig, ValueType
from feast.types import Float64

task, features = json.loads(sys.argv[1]), sys.argv[2:]
folder = Path(task["folder"]) / "feast"
folder.mkdir(exist_ok=True)
views = []
team = Entity(name="team", join_keys=["team"], value_type=ValueType.STRING)
for at, file in enumerate(task["viewFiles"]):
    # Feast recognizes Parquet by the name of the file.
    link = folder / f"view{at}.parquet"
    if not link.exists():
        link.symlink_to(file)
    views.append(
        FeatureView(
            name=f"view{at}",
            entities=[team],
            ttl=timedelta(0),
            schema=[Field(name=name, dtype=Float64) for name in features],
            source=FileSource(path=str(link), timestamp_field="at"),
        )
    )
store = FeatureStore(
    config=RepoConfig(
        project="bench",
        registry=str(folder / "registry.db"),
        provider="local",
        online_store={"type": "sqlite", "path": str(folder / "online.db")},
        entity_key_serialization_version=3,
    )
)
store.apply([team, *views])

started, cpu = time.perf_counter(), time.process_time()
requests = pandas.read_parquet(task["requestFile"]).rename(columns={"at": "event_timestamp"})
requests["event_timestamp"] = pandas.to_datetime(requests["event_timestamp"], utc=True)
names = [f"{view.name}:{name}" for view in views for name in features]
joined = store.get_historical_features(entity_df=requests, features=names, full_feature_names=True).to_df()
seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu

columns = ["row", *(name.replace(":", "__") for name in names)]
joined[columns].to_numpy(dtype=numpy.float64).tofile(task["out"])
print(json.dumps({"seconds": seconds, "cpuSeconds": cpu_seconds, "rows": len(joined)}))
