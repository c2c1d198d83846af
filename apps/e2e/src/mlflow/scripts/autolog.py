"""Autologging, a logged and registered model, an alias, and loading by that alias: what a team's first script does."""

import json
import sys

import mlflow
import numpy as np
from mlflow import MlflowClient
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier

name = sys.argv[1]
major = int(mlflow.__version__.split(".")[0])
mlflow.set_experiment(name)
mlflow.sklearn.autolog(log_datasets=True)
rows, labels = load_iris(return_X_y=True, as_frame=True)

with mlflow.start_run(run_name="forest") as run:
    model = RandomForestClassifier(n_estimators=4, random_state=0).fit(rows, labels)
    mlflow.log_metric("custom", 0.5, step=1)
    mlflow.log_param("note", "")
    mlflow.set_tag("team", "é日本")
    place = {"name": "model2"} if major >= 3 else {"artifact_path": "model2"}
    plain = {"serialization_format": "cloudpickle", "input_example": rows.head(2)}
    mlflow.sklearn.log_model(model, registered_model_name=name, **plain, **place)

client = MlflowClient()
client.set_registered_model_alias(name, "champion", "1")
version = client.get_model_version_by_alias(name, "champion")
assert (version.version, version.run_id) == ("1", run.info.run_id) or int(version.version) == 1, version
assert version.status == "READY", version
loaded = mlflow.pyfunc.load_model(f"models:/{name}@champion")
assert np.array_equal(loaded.predict(rows), model.predict(rows))
again = mlflow.sklearn.load_model(f"models:/{name}/1")
assert np.array_equal(again.predict(rows), model.predict(rows))

kept = client.get_run(run.info.run_id)
assert kept.info.status == "FINISHED", kept.info
assert kept.data.metrics["custom"] == 0.5
assert kept.data.params["n_estimators"] == "4" and kept.data.params["note"] == ""
assert kept.data.tags["team"] == "é日本"
assert "training_accuracy_score" in kept.data.metrics
assert len(kept.inputs.dataset_inputs) >= 1
files = {file.path for file in client.list_artifacts(run.info.run_id)}
assert "training_confusion_matrix.png" in files, files
found = [one.name for one in client.search_registered_models(filter_string=f"name = '{name}'")]
assert found == [name], found
versions = client.search_model_versions(f"name = '{name}'")
assert [int(one.version) for one in versions] == [1], versions
if major >= 3:
    logged = mlflow.search_logged_models([run.info.experiment_id], output_format="list")
    assert len(logged) >= 1 and all(one.status.value == "READY" for one in logged), logged
print(json.dumps({"run_id": run.info.run_id, "experiment_id": run.info.experiment_id, "client": mlflow.__version__}))
