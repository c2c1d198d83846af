"""The registry as scripts use it: versions from runs and of other versions, labels, stages, aliases, webhooks, deletions."""

import json
import os
import sys
import tempfile

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

name = sys.argv[1]
client = MlflowClient()
mlflow.set_experiment(name)
model = f"{name} registry"


def refused(code, call):
    try:
        call()
    except MlflowException as error:
        assert error.error_code == code, (error.error_code, str(error))
        return
    raise AssertionError(f"nothing was refused with {code}")


with mlflow.start_run() as run:
    mlflow.log_dict({"flavors": {"python_function": {"loader_module": "nobody"}}}, "model/MLmodel")
    mlflow.log_text("weights", "model/data/weights.txt")

client.create_registered_model(model, tags={"team": "vision"}, description="what it is")
refused("RESOURCE_ALREADY_EXISTS", lambda: client.create_registered_model(model))
first = client.create_model_version(model, f"runs:/{run.info.run_id}/model", run.info.run_id, tags={"a": "b"})
assert (str(first.version), first.status, first.run_id) == ("1", "READY", run.info.run_id), first
client.create_model_version(model, f"{run.info.artifact_uri}/model", run.info.run_id)
refused("INVALID_PARAMETER_VALUE", lambda: client.create_model_version(model, "/etc"))
copy = client.copy_model_version(f"models:/{model}/1", f"{model} copy")
assert copy.run_id == run.info.run_id

client.update_registered_model(model, description="changed")
client.update_model_version(model, "1", description="first")
client.set_registered_model_tag(model, "k", "v")
client.delete_registered_model_tag(model, "team")
client.set_model_version_tag(model, "1", "k", "v")
client.delete_model_version_tag(model, "1", "a")
read = client.get_model_version(model, "1")
assert (read.description, read.tags) == ("first", {"k": "v"}), read
assert client.get_registered_model(model).tags == {"k": "v"}

client.transition_model_version_stage(model, "1", "production")
client.transition_model_version_stage(model, "2", "Production", archive_existing_versions=True)
stages = {str(each.version): each.current_stage for each in client.get_latest_versions(model)}
assert stages == {"1": "Archived", "2": "Production"}, stages

client.set_registered_model_alias(model, "champion", "1")
client.set_registered_model_alias(model, "champion", "2")
assert str(client.get_model_version_by_alias(model, "champion").version) == "2"
assert {key: str(to) for key, to in client.get_registered_model(model).aliases.items()} == {"champion": "2"}
with tempfile.TemporaryDirectory() as folder:
    path = mlflow.artifacts.download_artifacts(f"models:/{model}@champion", dst_path=folder)
    with open(os.path.join(path, "data", "weights.txt")) as file:
        assert file.read() == "weights"
refused("INVALID_PARAMETER_VALUE", lambda: client.set_registered_model_alias(model, "latest", "1"))
refused("INVALID_PARAMETER_VALUE", lambda: client.get_model_version_by_alias(model, "nobody"))
refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_model_version(model, "99"))

found = client.search_model_versions(f"name = '{model}'", order_by=["version_number ASC"])
assert [str(each.version) for each in found] == ["1", "2"], found
assert [each.name for each in client.search_registered_models(f"name = '{model}'")] == [model]

client.delete_model_version(model, "2")
assert client.get_registered_model(model).aliases == {}
client.rename_registered_model(model, f"{model} renamed")
refused("RESOURCE_DOES_NOT_EXIST", lambda: client.get_registered_model(model))
client.delete_registered_model(f"{model} renamed")
client.delete_registered_model(f"{model} copy")

if hasattr(client, "create_webhook"):
    from mlflow.entities.webhook import WebhookAction, WebhookEntity, WebhookEvent

    created = WebhookEvent(WebhookEntity.MODEL_VERSION, WebhookAction.CREATED)
    hook = client.create_webhook("hook", "https://1.1.1.1/hook", [created], description="why", secret="secret")
    assert [each.webhook_id for each in client.list_webhooks()] == [hook.webhook_id]
    moved = client.update_webhook(hook.webhook_id, name="renamed", status="DISABLED")
    assert (moved.name, str(moved.status)) == ("renamed", "DISABLED"), moved
    assert client.get_webhook(hook.webhook_id).events == [created]
    client.delete_webhook(hook.webhook_id)
    assert list(client.list_webhooks()) == []
    refused("INVALID_PARAMETER_VALUE", lambda: client.create_webhook("inside", "https://169.254.169.254/x", [created]))

print(json.dumps({"runId": run.info.run_id}))
