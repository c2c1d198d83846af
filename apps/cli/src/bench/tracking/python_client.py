"""
Calls of MLflow's own Python client, timed where a training script would wait for them: one JSON request a line, one JSON
answer a line. The server is the one of MLFLOW_TRACKING_URI.
"""

import json
import sys
import time

from mlflow import MlflowClient

client = MlflowClient()


def new_run():
    return client.create_run("0").info.run_id


def log_metrics(run_id, first, calls):
    """Milliseconds that all of the calls took, one after another."""
    started = time.perf_counter()
    for step in range(first, first + calls):
        client.log_metric(run_id, "loss", 1 / (step + 1), step=step)
    return (time.perf_counter() - started) * 1000


for line in sys.stdin:
    request = json.loads(line)
    what = request.pop("do")
    try:
        answer = {"value": {"new_run": new_run, "log_metrics": log_metrics}[what](**request)}
    except Exception as error:
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
