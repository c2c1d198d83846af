"""Fills a server with one of everything that an import has to bring: `import_seed.py`, the server in the environment."""

import json
import os
import tempfile

import mlflow
import pandas
from mlflow import MlflowClient
from mlflow.entities import DatasetInput, InputTag, Metric, Param, RunTag

client = MlflowClient()
AT = 1_700_000_000_000


def add_files(run_id):
    folder = tempfile.mkdtemp()
    for path, size in [("a.txt", 10), ("deep/b c.bin", 300_000), ("deep/er/ü.json", 3), ("empty", 0)]:
        file = os.path.join(folder, os.path.basename(path))
        with open(file, "wb") as out:
            out.write(os.urandom(size))
        client.log_artifact(run_id, file, os.path.dirname(path) or None)


def add_run(experiment, number):
    run_id = client.create_run(experiment, run_name=f"run {number}", start_time=AT + number, tags={"n": str(number)}).info.run_id
    points = [Metric("loss", 1 / (step + 1), AT + step, step) for step in range(2500 if number == 0 else 100)]
    points += [
        Metric("nan", float("nan"), AT, 0),
        Metric("inf", float("-inf"), AT, 1),
        Metric("far", 1.5, AT, 2**53 + 1),
        Metric("deep/näme", -1e-300, AT, -5),
    ]
    for begin in range(0, len(points), 1000):
        client.log_batch(run_id, metrics=points[begin : begin + 1000])
    client.log_batch(run_id, params=[Param(f"p{i}", "x" * (i * 100)) for i in range(20)], tags=[RunTag("long", "y" * 5000)])
    add_files(run_id)
    dataset = mlflow.data.from_pandas(pandas.DataFrame({"a": [number % 3, 2]}), name=f"data {number % 3}")
    client.log_inputs(run_id, [DatasetInput(dataset._to_mlflow_entity(), [InputTag("mlflow.data.context", "train")])])
    client.set_terminated(run_id, ["FINISHED", "FAILED", "KILLED"][number % 3], end_time=AT + number + 5)
    if number % 4 == 3:
        client.delete_run(run_id)


class Echo(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input


experiments = [client.create_experiment(name, tags={"team": "a"}) for name in ("vision", "speech äö", "gone")]
for number in range(12):
    add_run([*experiments, "0"][number % 4], number)

mlflow.set_experiment("vision")
for number in range(4):
    with mlflow.start_run(run_name=f"model {number}"):
        mlflow.log_param("depth", number)
        named = {"name": "model"} if int(mlflow.__version__.split(".")[0]) > 2 else {"artifact_path": "model"}
        mlflow.pyfunc.log_model(python_model=Echo(), registered_model_name="echo", pip_requirements=[], **named)
        mlflow.log_metric("f1", 0.5 + number / 10, step=number)
client.update_registered_model("echo", "says it again")
client.set_registered_model_tag("echo", "team", "a")
client.set_model_version_tag("echo", "3", "checked", "yes")
client.update_model_version("echo", "3", "the third")
client.transition_model_version_stage("echo", "1", "Production")
client.set_registered_model_alias("echo", "champion", "3")
client.delete_model_version("echo", "2")
client.delete_experiment(experiments[2])
print(json.dumps({"seeded": True}))
