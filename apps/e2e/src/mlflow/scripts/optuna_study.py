"""A study whose every trial is a run, by the callback of Optuna's own integration."""

import json
import sys

import mlflow
import optuna
from optuna_integration.mlflow import MLflowCallback

name = sys.argv[1]
optuna.logging.set_verbosity(optuna.logging.WARNING)
callback = MLflowCallback(metric_name="loss", create_experiment=True, mlflow_kwargs={"nested": True})
study = optuna.create_study(study_name=name, sampler=optuna.samplers.RandomSampler(seed=0))
study.optimize(lambda trial: trial.suggest_float("x", -1, 1) ** 2, n_trials=5, callbacks=[callback])
runs = mlflow.search_runs(experiment_names=[name], order_by=["metrics.loss ASC"])
assert len(runs) == 5, runs
assert abs(runs["metrics.loss"][0] - study.best_value) < 1e-12
assert float(runs["params.x"][0]) == study.best_params["x"]
print(json.dumps({"run_id": runs["run_id"][0], "client": mlflow.__version__}))
