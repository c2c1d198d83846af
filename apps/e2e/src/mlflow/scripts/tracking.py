"""Everything else that scripts log: nested runs, asynchronous logging, system metrics, images, tables, searches."""

import json
import math
import os
import sys
import tempfile
import time

import matplotlib
import mlflow
import numpy as np
import pandas as pd
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

name = sys.argv[1]
client = MlflowClient()
mlflow.set_experiment(name)
mlflow.enable_system_metrics_logging()
mlflow.set_system_metrics_sampling_interval(0.5)
mlflow.set_system_metrics_samples_before_logging(1)

with mlflow.start_run(run_name="parent") as parent:
    for depth in range(3):
        with mlflow.start_run(run_name=f"child {depth}", nested=True):
            mlflow.log_param("depth", depth)
            mlflow.log_metric("loss", 1 / (depth + 1))
    for step in range(20):
        mlflow.log_metric("loss", 1 / (step + 1), step=step, synchronous=False)
    mlflow.log_params({f"p{number}": number for number in range(150)}, synchronous=False)
    mlflow.flush_async_logging()
    mlflow.log_metrics({"nan": math.nan, "up": math.inf, "down": -math.inf})
    client.log_batch(
        parent.info.run_id,
        metrics=[Metric("steps", 1.5, 1_700_000_000_000, 9007199254740993), Metric("steps", 2.5, 1_700_000_000_000, -3)],
        params=[Param("long", "x" * 6000)],
        tags=[RunTag("tag", "value")],
    )
    mlflow.log_image(np.zeros((16, 16, 3), dtype=np.uint8), "image.png")
    mlflow.log_image(np.full((8, 8), 255, dtype=np.uint8), key="steps", step=3)
    mlflow.log_table({"a": [1, 2], "b": ["x", "y"]}, "table.json")
    mlflow.log_table(pd.DataFrame({"a": [3], "b": ["z"]}), "table.json")
    figure, axis = plt.subplots()
    axis.plot([1, 2, 3])
    mlflow.log_figure(figure, "figures/line.png")
    mlflow.log_dict({"k": [1, 2]}, "d.json")
    mlflow.log_text("é +%", "sub dir/x + é.txt")
    with tempfile.TemporaryDirectory() as folder:
        open(os.path.join(folder, "empty"), "wb").close()
        with open(os.path.join(folder, "big.bin"), "wb") as file:
            file.write(os.urandom(3_000_000))
        mlflow.log_artifacts(folder, "tree")
    time.sleep(2)

run_id, experiment_id = parent.info.run_id, parent.info.experiment_id
run = client.get_run(run_id)
assert run.info.status == "FINISHED"
assert math.isnan(run.data.metrics["nan"]) and run.data.metrics["up"] >= 1.797e308 and run.data.metrics["down"] <= -1.797e308
assert run.data.metrics["steps"] == 1.5, run.data.metrics
history = client.get_metric_history(run_id, "steps")
assert sorted(point.step for point in history) == [-3, 9007199254740993], history
assert len(client.get_metric_history(run_id, "loss")) == 20
assert [run.data.params[f"p{number}"] for number in range(150)] == [str(number) for number in range(150)]
assert len(run.data.params["long"]) == 6000
system = [key for key in run.data.metrics if key.startswith("system/")]
assert system, run.data.metrics.keys()

children = mlflow.search_runs([experiment_id], f"tags.mlflow.parentRunId = '{run_id}'", order_by=["metrics.loss DESC"])
assert list(children["params.depth"]) == ["0", "1", "2"], children
assert len(mlflow.search_runs([experiment_id], "metrics.loss < 0.6 and params.depth = '1'")) == 1
assert len(mlflow.search_runs(experiment_names=[name], filter_string="attributes.run_name LIKE 'child%'", max_results=2)) == 2
pages = []
token = None
while True:
    page = client.search_runs([experiment_id], max_results=1, page_token=token)
    pages += [one.info.run_id for one in page]
    token = page.token
    if not token:
        break
assert len(pages) == len(set(pages)) == 4, pages

table = mlflow.load_table("table.json", [run_id])
assert list(table["a"]) == [1, 2, 3], table
assert {file.path for file in client.list_artifacts(run_id)} >= {"image.png", "images", "table.json", "figures", "d.json", "sub dir", "tree"}
assert [(f.path, f.is_dir, f.file_size) for f in client.list_artifacts(run_id, "tree")] == [
    ("tree/big.bin", False, 3_000_000),
    ("tree/empty", False, 0),
]
with tempfile.TemporaryDirectory() as folder:
    local = client.download_artifacts(run_id, "", folder)
    assert open(os.path.join(local, "sub dir", "x + é.txt"), encoding="utf8").read() == "é +%"
    assert os.path.getsize(os.path.join(local, "tree", "big.bin")) == 3_000_000

client.log_param(run_id, "tries", 1)
client.log_param(run_id, "tries", 1)
try:
    client.log_param(run_id, "tries", 2)
    raise AssertionError("a parameter changed")
except mlflow.exceptions.MlflowException as fault:
    assert fault.error_code == "INVALID_PARAMETER_VALUE", fault.error_code
client.set_tag(run_id, "mlflow.runName", "renamed")
assert client.get_run(run_id).info.run_name == "renamed"
client.delete_run(run_id)
assert len(mlflow.search_runs([experiment_id])) == 3
client.restore_run(run_id)
assert client.get_experiment_by_name("no such experiment " + name) is None
print(json.dumps({"run_id": run_id, "experiment_id": experiment_id, "client": mlflow.__version__, "system": len(system)}))
