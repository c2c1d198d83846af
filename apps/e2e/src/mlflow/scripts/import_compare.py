"""Compares two servers as their clients see them: `import_compare.py <other>`; ours and its key in the environment."""

import json
import os
import sys

import mlflow
import pandas
from mlflow import MlflowClient

ALL = 3
theirs, ours = MlflowClient(sys.argv[1]), MlflowClient(os.environ["MLFLOW_TRACKING_URI"])
compared = {"runs": 0, "models": 0, "versions": 0}


def same(what, left, right):
    assert str(left) == str(right), f"{what}: {left} there, {right} here"


def compare_runs(there, here):
    by_id = {run.info.run_id: run for run in ours.search_runs([here], run_view_type=ALL, max_results=1000)}
    runs = theirs.search_runs([there], run_view_type=ALL, max_results=1000)
    same("ids of runs", sorted(by_id), sorted(run.info.run_id for run in runs))
    for run in runs:
        other = by_id[run.info.run_id]
        for field in ("run_name", "status", "start_time", "end_time", "user_id", "lifecycle_stage"):
            same(field, getattr(run.info, field), getattr(other.info, field))
        tags = {key: value for key, value in other.data.tags.items() if not key.startswith("modelyard.import")}
        same("tags", sorted(run.data.tags.items()), sorted(tags.items()))
        same("params", sorted(run.data.params.items()), sorted(other.data.params.items()))
        same("metrics", sorted(run.data.metrics.items()), sorted(other.data.metrics.items()))
        same("inputs", [each.to_dictionary() for each in run.inputs.dataset_inputs], [each.to_dictionary() for each in other.inputs.dataset_inputs])
        same("outputs", getattr(run, "outputs", None), getattr(other, "outputs", None))
        compared["runs"] += 1


def compare_logged_models(there, here):
    if not hasattr(theirs, "search_logged_models"):
        return
    by_id = {model.model_id: model for model in ours.search_logged_models([here])}
    for model in theirs.search_logged_models([there]):
        for field in ("name", "status", "creation_timestamp", "last_updated_timestamp", "source_run_id", "params"):
            same(field, getattr(model, field), getattr(by_id[model.model_id], field))
        compared["models"] += 1


def compare_versions(name):
    here = {int(version.version): version for version in ours.search_model_versions(f"name='{name}'")}
    there = {int(version.version): version for version in theirs.search_model_versions(f"name='{name}'")}
    same("numbers", sorted(here), sorted(there))
    for number, version in there.items():
        for field in ("current_stage", "creation_timestamp", "last_updated_timestamp", "run_id", "description", "tags", "status"):
            same(field, getattr(version, field), getattr(here[number], field))
        compared["versions"] += 1


numbers = {experiment.name: experiment for experiment in ours.search_experiments(view_type=ALL)}
for experiment in theirs.search_experiments(view_type=ALL):
    other = numbers[experiment.name]
    same("stage of experiment", experiment.lifecycle_stage, other.lifecycle_stage)
    compare_runs(experiment.experiment_id, other.experiment_id)
    compare_logged_models(experiment.experiment_id, other.experiment_id)
for model in theirs.search_registered_models():
    other = ours.get_registered_model(model.name)
    for field in ("description", "creation_timestamp", "last_updated_timestamp", "tags", "aliases"):
        same(field, getattr(model, field), getattr(other, field))
    compare_versions(model.name)

mlflow.set_tracking_uri(os.environ["MLFLOW_TRACKING_URI"])
frame = pandas.DataFrame({"a": [1]})
assert mlflow.pyfunc.load_model("models:/echo@champion").predict(frame).equals(frame)
print(json.dumps(compared))
