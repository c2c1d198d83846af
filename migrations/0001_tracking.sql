CREATE SEQUENCE "experiment_number" AS bigint START 1;
--> statement-breakpoint
CREATE TABLE "ledger_blob" (
	"sha256" text NOT NULL,
	"project_id" text NOT NULL,
	"seq" bigint NOT NULL,
	CONSTRAINT "ledger_blob_sha256_project_id_seq_pk" PRIMARY KEY("sha256","project_id","seq")
);
--> statement-breakpoint
CREATE TABLE "logged_model" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"experiment_id" text NOT NULL,
	"name" text NOT NULL,
	"status" text NOT NULL,
	"status_message" text,
	"model_type" text DEFAULT '' NOT NULL,
	"source_run_id" text,
	"created_by" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "logged_model_metric" (
	"logged_model_id" text NOT NULL,
	"project_id" text NOT NULL,
	"key" text NOT NULL,
	"at_ms" bigint NOT NULL,
	"step" bigint NOT NULL,
	"value" double precision NOT NULL,
	"run_id" text NOT NULL,
	"dataset_name" text DEFAULT '' NOT NULL,
	"dataset_digest" text DEFAULT '' NOT NULL,
	CONSTRAINT "logged_model_metric_point" PRIMARY KEY("logged_model_id","key","at_ms","step","value","run_id","dataset_name","dataset_digest")
);
--> statement-breakpoint
CREATE TABLE "logged_model_param" (
	"logged_model_id" text NOT NULL,
	"project_id" text NOT NULL,
	"key" text NOT NULL,
	"value" text NOT NULL,
	CONSTRAINT "logged_model_param_logged_model_id_key_pk" PRIMARY KEY("logged_model_id","key")
);
--> statement-breakpoint
CREATE TABLE "logged_model_tag" (
	"logged_model_id" text NOT NULL,
	"project_id" text NOT NULL,
	"key" text NOT NULL,
	"value" text NOT NULL,
	CONSTRAINT "logged_model_tag_logged_model_id_key_pk" PRIMARY KEY("logged_model_id","key")
);
--> statement-breakpoint
CREATE TABLE "run_model" (
	"run_id" text NOT NULL,
	"project_id" text NOT NULL,
	"direction" text NOT NULL,
	"logged_model_id" text NOT NULL,
	"step" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "run_model_run_id_direction_logged_model_id_step_pk" PRIMARY KEY("run_id","direction","logged_model_id","step")
);
--> statement-breakpoint
CREATE TABLE "model_alias" (
	"model_id" text NOT NULL,
	"project_id" text NOT NULL,
	"alias" text NOT NULL,
	"model_version_id" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "model_alias_model_id_alias_pk" PRIMARY KEY("model_id","alias")
);
--> statement-breakpoint
CREATE TABLE "model_tag" (
	"model_id" text NOT NULL,
	"project_id" text NOT NULL,
	"key" text NOT NULL,
	"value" text NOT NULL,
	CONSTRAINT "model_tag_model_id_key_pk" PRIMARY KEY("model_id","key")
);
--> statement-breakpoint
CREATE TABLE "model_version_file" (
	"model_version_id" text NOT NULL,
	"project_id" text NOT NULL,
	"path" text NOT NULL,
	"sha256" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"media_type" text NOT NULL,
	CONSTRAINT "model_version_file_model_version_id_path_pk" PRIMARY KEY("model_version_id","path")
);
--> statement-breakpoint
CREATE TABLE "model_version_tag" (
	"model_version_id" text NOT NULL,
	"project_id" text NOT NULL,
	"key" text NOT NULL,
	"value" text NOT NULL,
	CONSTRAINT "model_version_tag_model_version_id_key_pk" PRIMARY KEY("model_version_id","key")
);
--> statement-breakpoint
CREATE TABLE "experiment_tag" (
	"experiment_id" text NOT NULL,
	"project_id" text NOT NULL,
	"key" text NOT NULL,
	"value" text NOT NULL,
	CONSTRAINT "experiment_tag_experiment_id_key_pk" PRIMARY KEY("experiment_id","key")
);
--> statement-breakpoint
CREATE TABLE "logged_dataset" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"experiment_id" text NOT NULL,
	"name" text NOT NULL,
	"digest" text NOT NULL,
	"source_type" text NOT NULL,
	"source" text NOT NULL,
	"schema" text,
	"profile" text,
	"dataset_version_id" text,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "metric_rollup" (
	"metric_id" bigint NOT NULL,
	"level" smallint NOT NULL,
	"bucket" bigint NOT NULL,
	"min" double precision,
	"max" double precision,
	"sum" double precision NOT NULL,
	"finite" bigint NOT NULL,
	"count" bigint NOT NULL,
	"last_step" bigint NOT NULL,
	"last_at_ms" bigint NOT NULL,
	"last_value" double precision NOT NULL,
	CONSTRAINT "metric_rollup_metric_id_level_bucket_pk" PRIMARY KEY("metric_id","level","bucket")
) WITH (fillfactor = 80);
--> statement-breakpoint
CREATE TABLE "run_dataset" (
	"run_id" text NOT NULL,
	"project_id" text NOT NULL,
	"logged_dataset_id" text NOT NULL,
	"context" text,
	"tags" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "run_dataset_run_id_logged_dataset_id_pk" PRIMARY KEY("run_id","logged_dataset_id")
);
--> statement-breakpoint
CREATE TABLE "saved_view" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"page" text NOT NULL,
	"name" text NOT NULL,
	"settings" jsonb NOT NULL,
	"created_by" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "webhook" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"url" text NOT NULL,
	"events" text[] NOT NULL,
	"format" text NOT NULL,
	"status" text NOT NULL,
	"sealed_secret" text,
	"created_by" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "webhook_delivery" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"webhook_id" text NOT NULL,
	"event" text NOT NULL,
	"payload" jsonb NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp (3) with time zone,
	"last_status" integer,
	"last_error" text,
	"delivered_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
DROP INDEX "artifact_path";
--> statement-breakpoint
ALTER TABLE "artifact" RENAME COLUMN "run_id" TO "owner_id";
--> statement-breakpoint
DROP INDEX "run_experiment";
--> statement-breakpoint
DROP INDEX "model_name";
--> statement-breakpoint
ALTER TABLE "experiment" ADD COLUMN "number" bigint DEFAULT nextval('experiment_number') NOT NULL;
--> statement-breakpoint
ALTER TABLE "experiment" ADD COLUMN "updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL;
--> statement-breakpoint
ALTER TABLE "experiment" ADD COLUMN "deleted_at" timestamp (3) with time zone;
--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "job_id" text;
--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "user_name" text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "run" ADD COLUMN "deleted_at" timestamp (3) with time zone;
--> statement-breakpoint
ALTER TABLE "attempt" ADD COLUMN "token_sha256" text;
--> statement-breakpoint
ALTER TABLE "model" ADD COLUMN "description" text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "model" ADD COLUMN "updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL;
--> statement-breakpoint
ALTER TABLE "model" ADD COLUMN "deleted_at" timestamp (3) with time zone;
--> statement-breakpoint
ALTER TABLE "model_version" ADD COLUMN "mlflow_stage" text DEFAULT 'None' NOT NULL;
--> statement-breakpoint
ALTER TABLE "model_version" ADD COLUMN "format" text DEFAULT 'onnx' NOT NULL;
--> statement-breakpoint
ALTER TABLE "model_version" ADD COLUMN "description" text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "model_version" ADD COLUMN "source" text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "model_version" ADD COLUMN "run_link" text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "model_version" ADD COLUMN "logged_model_id" text;
--> statement-breakpoint
ALTER TABLE "model_version" ADD COLUMN "card" jsonb DEFAULT '{}'::jsonb NOT NULL;
--> statement-breakpoint
ALTER TABLE "model_version" ADD COLUMN "updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL;
--> statement-breakpoint
ALTER TABLE "model_version" ADD COLUMN "deleted_at" timestamp (3) with time zone;
--> statement-breakpoint
ALTER TABLE "logged_model" ADD CONSTRAINT "logged_model_experiment_id_experiment_id_fk" FOREIGN KEY ("experiment_id") REFERENCES "public"."experiment"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "logged_model_metric" ADD CONSTRAINT "logged_model_metric_logged_model_id_logged_model_id_fk" FOREIGN KEY ("logged_model_id") REFERENCES "public"."logged_model"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "logged_model_param" ADD CONSTRAINT "logged_model_param_logged_model_id_logged_model_id_fk" FOREIGN KEY ("logged_model_id") REFERENCES "public"."logged_model"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "logged_model_tag" ADD CONSTRAINT "logged_model_tag_logged_model_id_logged_model_id_fk" FOREIGN KEY ("logged_model_id") REFERENCES "public"."logged_model"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "model_alias" ADD CONSTRAINT "model_alias_model_id_model_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."model"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "model_alias" ADD CONSTRAINT "model_alias_model_version_id_model_version_id_fk" FOREIGN KEY ("model_version_id") REFERENCES "public"."model_version"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "model_tag" ADD CONSTRAINT "model_tag_model_id_model_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."model"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "model_version_file" ADD CONSTRAINT "model_version_file_model_version_id_model_version_id_fk" FOREIGN KEY ("model_version_id") REFERENCES "public"."model_version"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "model_version_tag" ADD CONSTRAINT "model_version_tag_model_version_id_model_version_id_fk" FOREIGN KEY ("model_version_id") REFERENCES "public"."model_version"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "experiment_tag" ADD CONSTRAINT "experiment_tag_experiment_id_experiment_id_fk" FOREIGN KEY ("experiment_id") REFERENCES "public"."experiment"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "logged_dataset" ADD CONSTRAINT "logged_dataset_experiment_id_experiment_id_fk" FOREIGN KEY ("experiment_id") REFERENCES "public"."experiment"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "run_dataset" ADD CONSTRAINT "run_dataset_logged_dataset_id_logged_dataset_id_fk" FOREIGN KEY ("logged_dataset_id") REFERENCES "public"."logged_dataset"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_webhook_id_webhook_id_fk" FOREIGN KEY ("webhook_id") REFERENCES "public"."webhook"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "logged_model_experiment" ON "logged_model" USING btree ("experiment_id","created_at" DESC NULLS LAST,"id");
--> statement-breakpoint
CREATE INDEX "logged_model_run" ON "logged_model" USING btree ("source_run_id");
--> statement-breakpoint
CREATE INDEX "model_alias_version" ON "model_alias" USING btree ("model_version_id");
--> statement-breakpoint
CREATE INDEX "model_version_file_blob" ON "model_version_file" USING btree ("sha256");
--> statement-breakpoint
CREATE UNIQUE INDEX "logged_dataset_once" ON "logged_dataset" USING btree ("experiment_id","name","digest");
--> statement-breakpoint
CREATE INDEX "logged_dataset_version" ON "logged_dataset" USING btree ("dataset_version_id");
--> statement-breakpoint
CREATE INDEX "run_dataset_of" ON "run_dataset" USING btree ("logged_dataset_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "saved_view_name" ON "saved_view" USING btree ("project_id","page","name");
--> statement-breakpoint
CREATE INDEX "webhook_project" ON "webhook" USING btree ("project_id");
--> statement-breakpoint
CREATE INDEX "webhook_delivery_due" ON "webhook_delivery" USING btree ("next_at") WHERE state = 'pending';
--> statement-breakpoint
CREATE INDEX "webhook_delivery_of" ON "webhook_delivery" USING btree ("webhook_id","id");
--> statement-breakpoint
CREATE INDEX "artifact_blob" ON "artifact" USING btree ("sha256");
--> statement-breakpoint
CREATE UNIQUE INDEX "experiment_number_once" ON "experiment" USING btree ("project_id","number");
--> statement-breakpoint
CREATE INDEX "run_started" ON "run" USING btree ("project_id","started_at" DESC NULLS LAST,"id");
--> statement-breakpoint
CREATE INDEX "run_job" ON "run" USING btree ("job_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "attempt_token" ON "attempt" USING btree ("token_sha256");
--> statement-breakpoint
CREATE INDEX "model_version_run" ON "model_version" USING btree ("run_id");
--> statement-breakpoint
CREATE INDEX "model_version_blob" ON "model_version" USING btree ("sha256");
--> statement-breakpoint
CREATE UNIQUE INDEX "artifact_path" ON "artifact" USING btree ("owner_id","path");
--> statement-breakpoint
CREATE INDEX "run_experiment" ON "run" USING btree ("experiment_id","started_at" DESC NULLS LAST,"id");
--> statement-breakpoint
CREATE UNIQUE INDEX "model_name" ON "model" USING btree ("project_id","name") WHERE deleted_at is null;
--> statement-breakpoint
ALTER TABLE "metric_point" RENAME TO "metric_point_before";
--> statement-breakpoint
CREATE TABLE "metric_point" (
	"metric_id" bigint NOT NULL,
	"at_ms" bigint NOT NULL,
	"step" bigint NOT NULL,
	"value" double precision NOT NULL,
	"fence" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "metric_point_metric_id_at_ms_step_value_pk" PRIMARY KEY("metric_id","at_ms","step","value")
) PARTITION BY HASH ("metric_id");
--> statement-breakpoint
DO $$ BEGIN
  FOR part IN 0..15 LOOP
    EXECUTE format('CREATE TABLE metric_point_%s PARTITION OF metric_point FOR VALUES WITH (MODULUS 16, REMAINDER %s)', part, part);
  END LOOP;
END $$;
--> statement-breakpoint
INSERT INTO "metric_point" ("metric_id", "at_ms", "step", "value", "fence")
  SELECT metric_id, round(extract(epoch FROM at) * 1000)::bigint, step, value, max(fence) FROM metric_point_before GROUP BY 1, 2, 3, 4;
--> statement-breakpoint
DROP TABLE "metric_point_before";
--> statement-breakpoint
ALTER TABLE "metric" ADD COLUMN "last_at_ms" bigint;
--> statement-breakpoint
UPDATE "metric" m SET last_at_ms = round(extract(epoch FROM last_at) * 1000)::bigint,
  points = (SELECT count(*) FROM metric_point p WHERE p.metric_id = m.id);
--> statement-breakpoint
ALTER TABLE "metric" ALTER COLUMN "last_at_ms" SET NOT NULL;
--> statement-breakpoint
ALTER TABLE "metric" DROP COLUMN "last_at";
--> statement-breakpoint
ALTER TABLE "metric" SET (fillfactor = 70);
--> statement-breakpoint
INSERT INTO "metric_rollup" ("metric_id", "level", "bucket", "min", "max", "sum", "finite", "count", "last_step", "last_at_ms", "last_value")
  SELECT p.metric_id, l.level, floor(p.step::numeric / l.width)::bigint,
    min(p.value) FILTER (WHERE f.finite), max(p.value) FILTER (WHERE f.finite), coalesce(sum(p.value) FILTER (WHERE f.finite), 0),
    count(*) FILTER (WHERE f.finite), count(*), max(p.step),
    (array_agg(p.at_ms ORDER BY p.step DESC, p.at_ms DESC, p.value DESC))[1],
    (array_agg(p.value ORDER BY p.step DESC, p.at_ms DESC, p.value DESC))[1]
  FROM metric m JOIN metric_point p ON p.metric_id = m.id
    CROSS JOIN (VALUES (1::smallint, 64), (2::smallint, 4096), (3::smallint, 262144)) l(level, width)
    CROSS JOIN LATERAL (SELECT p.value > '-Infinity' AND p.value < 'Infinity' AS finite) f
  WHERE m.points >= 1024 GROUP BY 1, 2, 3;
--> statement-breakpoint
UPDATE "experiment" SET number = 0 WHERE name = 'Default';
--> statement-breakpoint
INSERT INTO "experiment" (id, project_id, number, name, created_at)
  SELECT 'exp_0' || substr(md5(p.id), 1, 25), p.id, 0, 'Default', p.created_at FROM project p
  WHERE NOT EXISTS (SELECT 1 FROM experiment e WHERE e.project_id = p.id AND e.name = 'Default');
--> statement-breakpoint
UPDATE "run" r SET job_id = j.id FROM job j WHERE j.run_id = r.id;
--> statement-breakpoint
CREATE FUNCTION ledger_names_blobs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger_blob (sha256, project_id, seq)
    SELECT DISTINCT m.found[1], NEW.project_id, NEW.seq
    FROM regexp_matches(NEW.target_id || ' ' || NEW.detail::text, '(?<![0-9a-f])([0-9a-f]{64})(?![0-9a-f])', 'g') AS m(found)
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER ledger_entry_names_blobs AFTER INSERT ON "ledger_entry" FOR EACH ROW EXECUTE FUNCTION ledger_names_blobs();
--> statement-breakpoint
INSERT INTO ledger_blob (sha256, project_id, seq)
  SELECT DISTINCT m.found[1], e.project_id, e.seq
  FROM ledger_entry e CROSS JOIN LATERAL regexp_matches(e.target_id || ' ' || e.detail::text, '(?<![0-9a-f])([0-9a-f]{64})(?![0-9a-f])', 'g') AS m(found);
