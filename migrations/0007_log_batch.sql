-- What is logged to a run is written by functions. A short call used to be five statements, and sending, planning and
-- answering them was most of what it took; `log_batch` is one, which commits by itself. In READ COMMITTED each statement
-- inside a volatile function sees what was committed before it began, so whatever follows a lock stands on what the lock
-- holds, as it would after BEGIN. Callers: packages/db/src/run/log-batch.ts, points.ts and rollup.ts.
--
-- Their plans are kept whatever the planner thinks of it: it finds arrays cheaper to plan anew, guessing at their length,
-- and planning takes ten times as long as writing. `generate_series` beside an `unnest` makes it expect a thousand values,
-- and so join by hashing.

-- Rolls points up into metric_rollup, on top of what is there: those given, each once, and all of the metrics in `whole`
-- from the bucket of `from_step` on. The offset makes that a lookup a metric; without it a plan may read everybody's points.
-- Levels and the limit of sums are those of packages/db/src/run/rollup.ts.
CREATE FUNCTION roll_up(ids bigint[], steps bigint[], times bigint[], vals float8[], whole bigint[], from_step bigint)
RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  INSERT INTO metric_rollup AS r
    (metric_id, level, bucket, min, max, sum, finite, count, last_step, last_at_ms, last_value)
  SELECT s.metric_id, l.level, s.step >> l.bits,
    min(s.value) FILTER (WHERE s.finite), max(s.value) FILTER (WHERE s.finite),
    coalesce(sum(greatest(least(s.value, 1e299::float8), -1e299::float8)) FILTER (WHERE s.finite), 0),
    count(*) FILTER (WHERE s.finite), count(*), max(s.step),
    (array_agg(s.at_ms ORDER BY s.step DESC, s.at_ms DESC, s.value DESC))[1],
    (array_agg(s.value ORDER BY s.step DESC, s.at_ms DESC, s.value DESC))[1]
  FROM (
    SELECT *, value > '-Infinity' AND value < 'Infinity' AS finite FROM (
      SELECT * FROM unnest(ids, steps, times, vals) AS given(metric_id, step, at_ms, value)
      UNION ALL
      SELECT w.id, p.* FROM unnest(whole) AS w(id) CROSS JOIN LATERAL (
        SELECT step, at_ms, value FROM metric_point WHERE metric_id = w.id OFFSET 0) p) points) s
    CROSS JOIN (VALUES (1::smallint, 6), (2::smallint, 12), (3::smallint, 18)) l(level, bits)
  WHERE s.step >> l.bits >= from_step >> l.bits
  GROUP BY s.metric_id, l.level, s.step >> l.bits
  ON CONFLICT (metric_id, level, bucket) DO UPDATE SET
    min = least(r.min, excluded.min), max = greatest(r.max, excluded.max), sum = r.sum + excluded.sum,
    finite = r.finite + excluded.finite, count = r.count + excluded.count,
    (last_step, last_at_ms, last_value) = (
      SELECT * FROM (VALUES (r.last_step, r.last_at_ms, r.last_value),
        (excluded.last_step, excluded.last_at_ms, excluded.last_value)) v(step, at_ms, value)
      ORDER BY step DESC, at_ms DESC, value DESC LIMIT 1);
END $$;
--> statement-breakpoint
-- Adds points to a run whose row the transaction holds. One that is there already, or twice among these, is added once and
-- counted once. A metric's newest value has the highest (step, time, value), and one of 1024 points or more has roll-ups.
-- Under the lock nobody else makes metrics of the run, so none of these statements waits for another writer.
CREATE FUNCTION log_points(
  of_project text, of_run text, of_fence bigint, keys text[], steps bigint[], times bigint[], vals float8[])
RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  all_newer boolean;
  fresh record;
  newest record;
  long record;
BEGIN
  -- Each of another metric that is known, and newer than its newest: so training logs, and no look at the points is needed.
  WITH known AS MATERIALIZED (
    SELECT id, key, last_step, last_at_ms, last_value FROM metric WHERE run_id = of_run AND key = ANY (keys))
  SELECT array_agg(k.id) AS ids, array_agg(p.step) AS steps, array_agg(p.at_ms) AS times, array_agg(p.value) AS vals,
    count(*) = cardinality(keys) AND (SELECT count(*) FROM known) = cardinality(keys) AS is_all
  INTO fresh
  FROM ROWS FROM (unnest(keys), unnest(steps), unnest(times), unnest(vals), generate_series(1, cardinality(keys)))
    AS p(key, step, at_ms, value) JOIN known k USING (key)
  WHERE (p.step, p.at_ms, p.value) > (k.last_step, k.last_at_ms, k.last_value);
  all_newer := fresh.is_all;

  IF NOT all_newer THEN
    INSERT INTO metric (project_id, run_id, key, last_step, last_at_ms, last_value, points)
    SELECT DISTINCT ON (key) of_project, of_run, key, step, at_ms, value, 0
    FROM ROWS FROM (unnest(keys), unnest(steps), unnest(times), unnest(vals), generate_series(1, cardinality(keys)))
      AS p(key, step, at_ms, value)
    WHERE NOT EXISTS (SELECT FROM metric m WHERE m.run_id = of_run AND m.key = p.key AND m.key = ANY (keys))
    ORDER BY key, step DESC, at_ms DESC, value DESC;

    -- The lateral limit makes the look one at an index, and only for points that are not newer.
    WITH known AS MATERIALIZED (
      SELECT id, key, last_step, last_at_ms, last_value FROM metric WHERE run_id = of_run AND key = ANY (keys)),
    once AS (
      SELECT DISTINCT key, step, at_ms, value
      FROM ROWS FROM (unnest(keys), unnest(steps), unnest(times), unnest(vals), generate_series(1, cardinality(keys)))
        AS p(key, step, at_ms, value))
    SELECT array_agg(k.id) AS ids, array_agg(p.step) AS steps, array_agg(p.at_ms) AS times, array_agg(p.value) AS vals
    INTO fresh
    FROM once p JOIN known k USING (key) LEFT JOIN LATERAL (
      SELECT true AS there FROM metric_point
      WHERE (p.step, p.at_ms, p.value) <= (k.last_step, k.last_at_ms, k.last_value)
        AND metric_id = k.id AND at_ms = p.at_ms AND step = p.step AND value = p.value LIMIT 1) q ON true
    WHERE there IS NULL;
    IF fresh.ids IS NULL THEN RETURN; END IF;
  END IF;

  INSERT INTO metric_point (metric_id, at_ms, step, value, fence)
  SELECT id, at_ms, step, value, of_fence
  FROM unnest(fresh.ids, fresh.times, fresh.steps, fresh.vals) AS p(id, at_ms, step, value);

  IF all_newer THEN
    SELECT fresh.ids, fresh.steps, fresh.times, fresh.vals, array_fill(1, ARRAY[cardinality(keys)]) AS counts INTO newest;
  ELSE
    SELECT array_agg(id) AS ids, array_agg(step) AS steps, array_agg(at_ms) AS times, array_agg(value) AS vals,
      array_agg(points) AS counts
    INTO newest
    FROM (
      SELECT DISTINCT ON (id) *, count(*) OVER (PARTITION BY id)::integer AS points
      FROM unnest(fresh.ids, fresh.steps, fresh.times, fresh.vals) AS p(id, step, at_ms, value)
      ORDER BY id, step DESC, at_ms DESC, value DESC) n;
  END IF;

  WITH moved AS (
    UPDATE metric m SET points = m.points + n.points,
      last_step = CASE WHEN (n.step, n.at_ms, n.value) > (m.last_step, m.last_at_ms, m.last_value)
        THEN n.step ELSE m.last_step END,
      last_at_ms = CASE WHEN (n.step, n.at_ms, n.value) > (m.last_step, m.last_at_ms, m.last_value)
        THEN n.at_ms ELSE m.last_at_ms END,
      last_value = CASE WHEN (n.step, n.at_ms, n.value) > (m.last_step, m.last_at_ms, m.last_value)
        THEN n.value ELSE m.last_value END
    FROM unnest(newest.ids, newest.steps, newest.times, newest.vals, newest.counts)
      AS n(id, step, at_ms, value, points)
    WHERE m.id = n.id
    RETURNING m.id, m.points, m.points - n.points AS before)
  SELECT array_agg(id) FILTER (WHERE before >= 1024) AS ids, array_agg(id) FILTER (WHERE before < 1024) AS grown
  INTO long FROM moved WHERE points >= 1024;

  IF long.ids IS NOT NULL OR long.grown IS NOT NULL THEN
    SELECT array_agg(id) AS ids, array_agg(step) AS steps, array_agg(at_ms) AS times, array_agg(value) AS vals
    INTO fresh
    FROM ROWS FROM (unnest(fresh.ids), unnest(fresh.steps), unnest(fresh.times), unnest(fresh.vals),
        generate_series(1, cardinality(fresh.ids))) AS p(id, step, at_ms, value)
      JOIN unnest(long.ids) AS l(id) USING (id);
    PERFORM roll_up(fresh.ids, fresh.steps, fresh.times, fresh.vals, long.grown, -9223372036854775808);
  END IF;
END $$;
--> statement-breakpoint
-- Logs a batch to a run, all of it or nothing, and tells the pages (`change` is what they are told). Answers null, or, where
-- nothing was written, why: the attempt has ended, the run is not there, of another job or deleted, a logged model is not
-- there, a parameter has another value. `of_attempt` is null outside a job. The attempt is locked before the run, as by
-- whoever ends it. The arrays of points stand beside each other; those of models are empty where no point is of one, and ''
-- where this point is of none. Parameters and tags come each key once.
CREATE FUNCTION log_batch(
  of_project text, of_run text, of_attempt text, of_job text, of_fence bigint,
  keys text[], steps bigint[], times bigint[], vals float8[],
  models text[], dataset_names text[], dataset_digests text[],
  param_keys text[], param_values text[], tag_keys text[], tag_values text[], new_name text, change text)
RETURNS jsonb LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  held record;
  other record;
BEGIN
  IF of_attempt IS NOT NULL THEN
    PERFORM FROM attempt WHERE id = of_attempt AND fence = of_fence AND ended_at IS NULL FOR SHARE;
    IF NOT FOUND THEN RETURN '{"fault": "fenced"}'; END IF;
  END IF;
  SELECT job_id, deleted_at IS NOT NULL AS deleted INTO held
  FROM run WHERE id = of_run AND project_id = of_project FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN '{"fault": "no_run"}'; END IF;
  IF of_attempt IS NOT NULL AND held.job_id IS DISTINCT FROM of_job THEN RETURN '{"fault": "other_job"}'; END IF;
  IF held.deleted THEN RETURN '{"fault": "deleted"}'; END IF;

  IF cardinality(models) > 0 THEN
    SELECT wanted.id INTO other FROM unnest(models) AS wanted(id)
    WHERE wanted.id <> '' AND NOT EXISTS (
      SELECT FROM logged_model m WHERE m.id = wanted.id AND m.project_id = of_project AND m.deleted_at IS NULL)
    LIMIT 1;
    IF FOUND THEN RETURN jsonb_build_object('fault', 'no_model', 'id', other.id); END IF;
  END IF;

  IF cardinality(param_keys) > 0 THEN
    SELECT w.key, p.value INTO other
    FROM unnest(param_keys, param_values) AS w(key, value) JOIN run_param p ON p.run_id = of_run AND p.key = w.key
    WHERE p.value <> w.value ORDER BY w.key LIMIT 1;
    IF FOUND THEN RETURN jsonb_build_object('fault', 'param', 'key', other.key, 'was', other.value); END IF;
    INSERT INTO run_param (run_id, project_id, key, value)
    SELECT of_run, of_project, key, value FROM unnest(param_keys, param_values) AS w(key, value)
    ON CONFLICT DO NOTHING;
  END IF;
  IF cardinality(tag_keys) > 0 THEN
    INSERT INTO run_tag AS t (run_id, project_id, key, value)
    SELECT of_run, of_project, key, value FROM unnest(tag_keys, tag_values) AS w(key, value)
    ON CONFLICT (run_id, key) DO UPDATE SET value = excluded.value WHERE t.value <> excluded.value;
  END IF;
  IF cardinality(keys) > 0 THEN
    PERFORM log_points(of_project, of_run, of_fence, keys, steps, times, vals);
  END IF;
  IF cardinality(models) > 0 THEN
    INSERT INTO logged_model_metric
      (logged_model_id, project_id, run_id, key, at_ms, step, value, dataset_name, dataset_digest)
    SELECT model, of_project, of_run, key, at_ms, step, value, dataset_name, dataset_digest
    FROM unnest(models, keys, times, steps, vals, dataset_names, dataset_digests)
      AS p(model, key, at_ms, step, value, dataset_name, dataset_digest)
    WHERE model <> '' ON CONFLICT DO NOTHING;
  END IF;
  UPDATE run SET revision = revision + 1, name = coalesce(new_name, name) WHERE id = of_run;
  PERFORM pg_notify('modelyard_change', change);
  RETURN NULL;
END $$;
