"""A script that traces its functions: nothing here keeps traces, and the script must not notice."""

import json
import sys
import time

import mlflow

mlflow.set_experiment(sys.argv[1])


@mlflow.trace
def work(number):
    with mlflow.start_span("inner"):
        return number + 1


start = time.monotonic()
with mlflow.start_run() as run:
    assert work(1) == 2
    mlflow.log_metric("answer", work(41))
mlflow.flush_trace_async_logging()
assert time.monotonic() - start < 30, "tracing made the script wait"
assert mlflow.get_run(run.info.run_id).data.metrics["answer"] == 42
print(json.dumps({"run_id": run.info.run_id, "client": mlflow.__version__}))
