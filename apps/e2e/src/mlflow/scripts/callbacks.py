"""A tiny network trained by Lightning with its MLflow logger and by the Hugging Face Trainer with its MLflow callback."""

import json
import os
import sys
import tempfile

import lightning
import mlflow
import torch
from lightning.pytorch.loggers import MLFlowLogger
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel, Trainer, TrainingArguments

name = sys.argv[1]
torch.manual_seed(0)
rows = torch.randn(64, 4)
labels = (rows.sum(dim=1) > 0).long()


class Module(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.save_hyperparameters({"width": 4})
        self.layer = nn.Linear(4, 2)

    def training_step(self, batch, _):
        loss = nn.functional.cross_entropy(self.layer(batch[0]), batch[1])
        self.log("loss", loss)
        return loss

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)


folder = tempfile.mkdtemp()
logger = MLFlowLogger(experiment_name=name, run_name="lightning", tracking_uri=mlflow.get_tracking_uri(), log_model=True)
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(rows, labels), batch_size=8)
quiet = {"enable_progress_bar": False, "enable_model_summary": False, "accelerator": "cpu"}
lightning.Trainer(max_epochs=2, logger=logger, log_every_n_steps=1, default_root_dir=folder, **quiet).fit(Module(), loader)
client = mlflow.MlflowClient()
run = client.get_run(logger.run_id)
assert run.info.status == "FINISHED" and run.data.params["width"] == "4", run
assert len(client.get_metric_history(logger.run_id, "loss")) == 16
kept = [file.path for file in client.list_artifacts(logger.run_id)]
assert any(path.startswith("epoch=") for path in kept), f"the checkpoint was not logged: {kept}"


class Tiny(PreTrainedModel):
    config_class = PretrainedConfig

    def __init__(self, config):
        super().__init__(config)
        self.layer = nn.Linear(4, 2)
        self.post_init()

    def _init_weights(self, module):
        pass

    def forward(self, x, labels=None):
        logits = self.layer(x)
        return {"loss": nn.functional.cross_entropy(logits, labels), "logits": logits}


os.environ["MLFLOW_EXPERIMENT_NAME"] = name
data = [{"x": row, "labels": label} for row, label in zip(rows, labels)]
arguments = TrainingArguments(
    output_dir=folder, max_steps=6, logging_steps=1, report_to=["mlflow"], run_name="trainer", use_cpu=True, save_strategy="no", disable_tqdm=True
)
Trainer(model=Tiny(PretrainedConfig()), args=arguments, train_dataset=data).train()
mlflow.end_run()
found = mlflow.search_runs(experiment_names=[name], filter_string="attributes.run_name = 'trainer'", output_format="list")
assert len(found) == 1, found
assert len(client.get_metric_history(found[0].info.run_id, "loss")) == 6
assert found[0].data.params["max_steps"] == "6"
print(json.dumps({"run_id": logger.run_id, "trainer": found[0].info.run_id, "client": mlflow.__version__}))
