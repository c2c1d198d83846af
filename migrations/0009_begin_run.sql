-- A run is begun, and the ledger is written, by one statement each; see 0007_log_batch.sql for why these are functions.

-- Begins a run with its tags, each key once, in the experiment of that number, which cannot be deleted meanwhile. Answers
-- the experiment, or null when there is none or it is deleted. Caller: packages/db/src/run/rows.ts.
CREATE FUNCTION begin_run(
  of_project text, experiment_number bigint, new_id text, of_name text, of_user text, by_actor jsonb, made_at timestamptz,
  begun_at timestamptz, tag_keys text[], tag_values text[])
RETURNS jsonb LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  held record;
BEGIN
  SELECT id, name INTO held FROM experiment
  WHERE project_id = of_project AND number = experiment_number AND deleted_at IS NULL FOR SHARE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  INSERT INTO run (id, project_id, experiment_id, name, status, user_name, created_by, created_at, started_at)
  VALUES (new_id, of_project, held.id, of_name, 'running', of_user, by_actor, made_at, begun_at);
  IF cardinality(tag_keys) > 0 THEN
    INSERT INTO run_tag (run_id, project_id, key, value)
    SELECT new_id, of_project, key, value FROM unnest(tag_keys, tag_values) AS t(key, value);
  END IF;
  RETURN jsonb_build_object('id', held.id, 'name', held.name);
END $$;
--> statement-breakpoint
-- Links an entry to its project's chain and answers its number. The lock of the head orders the writers; of several first
-- ones one begins the chain. The hash is that of packages/domain/src/ledger/chain.ts: `hashed_before` and `hashed_after` are
-- the text it covers, around the number, which nobody knows before the lock. Caller: packages/db/src/ledger/append.ts.
CREATE FUNCTION append_ledger(
  of_project text, hashed_before text, hashed_after text, of_time timestamptz, by_actor jsonb, of_action text,
  of_target_kind text, of_target_id text, of_summary text, of_detail jsonb)
RETURNS bigint LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  head record;
  next_seq bigint;
  next_hash text;
BEGIN
  SELECT seq, hash INTO head FROM ledger_head WHERE project_id = of_project FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO ledger_head (project_id, seq, hash) VALUES (of_project, 0, repeat('0', 64)) ON CONFLICT DO NOTHING;
    SELECT seq, hash INTO STRICT head FROM ledger_head WHERE project_id = of_project FOR UPDATE;
  END IF;
  next_seq := head.seq + 1;
  next_hash := encode(
    sha256(convert_to(head.hash || E'\n' || hashed_before || next_seq || hashed_after, 'UTF8')), 'hex');
  INSERT INTO ledger_entry
    (project_id, seq, at, actor, action, target_kind, target_id, summary, detail, prev_hash, hash)
  VALUES (of_project, next_seq, of_time, by_actor, of_action, of_target_kind, of_target_id, of_summary, of_detail,
    head.hash, next_hash);
  UPDATE ledger_head SET seq = next_seq, hash = next_hash WHERE project_id = of_project;
  RETURN next_seq;
END $$;
