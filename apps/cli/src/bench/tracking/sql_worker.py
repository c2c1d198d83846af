"""
Runs SQL for the bench: one JSON request a line, one JSON answer a line. Seeds both databases with the same runs, the rows
of each run side by side, as they lie when a client logs them.
"""

import io
import json
import sys
import uuid

import psycopg2

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
connections = {}


def cursor(url):
    if url not in connections:
        connections[url] = psycopg2.connect(url)
        connections[url].autocommit = True
    return connections[url].cursor()


def execute(url, statements):
    rows = []
    with cursor(url) as at:
        for statement in statements:
            at.execute(statement)
            rows = [list(row) for row in at.fetchall()] if at.description else []
    return rows


def body_of(run):
    bits = run.int
    return "".join(ALPHABET[(bits >> shift) & 31] for shift in range(125, -1, -5))


def seed_ids(url, runs):
    """A table of as many runs: number, hexadecimal id, id in base 32."""
    lines = io.StringIO()
    for n in range(runs):
        run = uuid.uuid4()
        lines.write(f"{n}\t{run.hex}\trun_{body_of(run)}\n")
    lines.seek(0)
    with cursor(url) as at:
        at.execute("drop table if exists seed; create table seed (n int primary key, hex text, id text)")
        at.copy_from(lines, "seed")


METRIC = "((s.n * 7919 + k * 104729) % 100003)::float8 / 100003"
PARAM = "((s.n * 31 + k * 17) % 50)::text"
START = "1760000000000 + s.n * 1000::bigint"

OURS = f"""
insert into run (id, project_id, experiment_id, name, status, created_by, created_at, started_at, ended_at)
  select s.id, e.project_id, e.id, 'run-' || s.n, 'finished', '{{"kind":"system","id":"bench","label":"bench"}}',
    to_timestamp(({START}) / 1000), to_timestamp(({START}) / 1000), to_timestamp(({START}) / 1000 + 60)
  from seed s, experiment e where e.number = %(experiment)s;
with made as (
  insert into metric (project_id, run_id, key, last_step, last_at_ms, last_value, points)
  select r.project_id, s.id, 'metric_' || k, 1, {START}, {METRIC}, 1
  from seed s join run r on r.id = s.id, generate_series(0, 9) k order by s.n, k returning id, last_step, last_at_ms, last_value)
insert into metric_point (metric_id, at_ms, step, value) select id, last_at_ms, last_step, last_value from made;
insert into run_param (run_id, project_id, key, value)
  select s.id, r.project_id, 'param_' || k, {PARAM} from seed s join run r on r.id = s.id, generate_series(0, 19) k
  order by s.n, k;
insert into run_tag (run_id, project_id, key, value)
  select s.id, r.project_id, 'tag_' || k, 'value ' || {PARAM} from seed s join run r on r.id = s.id, generate_series(0, 4) k
  order by s.n, k;
drop table seed;
"""

THEIRS = f"""
insert into runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time,
    source_version, lifecycle_stage, artifact_uri, experiment_id)
  select s.hex, 'run-' || s.n, 'UNKNOWN', '', '', 'bench', 'FINISHED', {START}, {START} + 60000, '', 'active',
    'mlflow-artifacts:/%(experiment)s/' || s.hex || '/artifacts', %(experiment)s from seed s;
insert into metrics (key, value, timestamp, run_uuid, step, is_nan)
  select 'metric_' || k, {METRIC}, {START}, s.hex, 1, false from seed s, generate_series(0, 9) k order by s.n, k;
insert into latest_metrics (key, value, timestamp, run_uuid, step, is_nan)
  select 'metric_' || k, {METRIC}, {START}, s.hex, 1, false from seed s, generate_series(0, 9) k order by s.n, k;
insert into params (key, value, run_uuid) select 'param_' || k, {PARAM}, s.hex from seed s, generate_series(0, 19) k
  order by s.n, k;
insert into tags (key, value, run_uuid)
  select case when k = 4 then 'mlflow.runName' else 'tag_' || k end,
    case when k = 4 then 'run-' || s.n else 'value ' || {PARAM} end, s.hex
  from seed s, generate_series(0, 4) k order by s.n, k;
drop table seed;
"""


def seed(url, side, runs, experiment):
    seed_ids(url, runs)
    with cursor(url) as at:
        at.execute((OURS if side == "ours" else THEIRS).replace("%(experiment)s", str(int(experiment))))
        at.execute("analyze")
    return runs


for line in sys.stdin:
    request = json.loads(line)
    what = request.pop("do")
    try:
        answer = {"value": {"execute": execute, "seed": seed}[what](**request)}
    except Exception as error:
        answer = {"error": str(error)}
    print(json.dumps(answer, default=str), flush=True)
