CREATE TABLE "account" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"user_id" text NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp (3) with time zone,
	"refresh_token_expires_at" timestamp (3) with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_key" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text,
	"owner_id" text NOT NULL,
	"name" text NOT NULL,
	"hint" text NOT NULL,
	"sha256" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "member" (
	"project_id" text NOT NULL,
	"user_id" text NOT NULL,
	"role" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "member_project_id_user_id_pk" PRIMARY KEY("project_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "session" (
	"id" text PRIMARY KEY NOT NULL,
	"token" text NOT NULL,
	"user_id" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "session_token_unique" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "user" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"is_owner" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "user_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "verification" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "project" (
	"id" text PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"task" text NOT NULL,
	"kpis" jsonb NOT NULL,
	"weight" real DEFAULT 1 NOT NULL,
	"gpu_quota" integer DEFAULT 64 NOT NULL,
	"revision" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency" (
	"principal_id" text NOT NULL,
	"verb" text NOT NULL,
	"key" text NOT NULL,
	"request_hash" text NOT NULL,
	"answer" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_principal_id_verb_key_pk" PRIMARY KEY("principal_id","verb","key")
);
--> statement-breakpoint
CREATE TABLE "ledger_entry" (
	"project_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor" jsonb NOT NULL,
	"action" text NOT NULL,
	"target_kind" text NOT NULL,
	"target_id" text NOT NULL,
	"summary" text NOT NULL,
	"detail" jsonb NOT NULL,
	"prev_hash" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "ledger_entry_project_id_seq_pk" PRIMARY KEY("project_id","seq")
);
--> statement-breakpoint
CREATE TABLE "ledger_head" (
	"project_id" text PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "outbox_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"project_id" text NOT NULL,
	"topic" text NOT NULL,
	"payload" jsonb NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"available_at" timestamp (3) with time zone NOT NULL,
	"done_at" timestamp (3) with time zone,
	"last_error" text
);
--> statement-breakpoint
CREATE TABLE "artifact" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"run_id" text NOT NULL,
	"path" text NOT NULL,
	"kind" text NOT NULL,
	"sha256" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"media_type" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "blob" (
	"sha256" text PRIMARY KEY NOT NULL,
	"size_bytes" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "blob_access" (
	"project_id" text NOT NULL,
	"sha256" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "blob_access_project_id_sha256_pk" PRIMARY KEY("project_id","sha256")
);
--> statement-breakpoint
CREATE TABLE "upload" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"sha256" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"media_type" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"completed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "dataset" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "dataset_version" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"dataset_id" text NOT NULL,
	"version" integer NOT NULL,
	"sha256" text NOT NULL,
	"format" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"rows" integer NOT NULL,
	"label_column" text NOT NULL,
	"classes" jsonb NOT NULL,
	"columns" jsonb NOT NULL,
	"split" jsonb NOT NULL,
	"gates" jsonb NOT NULL,
	"leakage" jsonb NOT NULL,
	"blocked" boolean NOT NULL,
	"description" text NOT NULL,
	"licence" text NOT NULL,
	"source_note" text NOT NULL,
	"created_by" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "experiment" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "metric" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "metric_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"project_id" text NOT NULL,
	"run_id" text NOT NULL,
	"key" text NOT NULL,
	"last_step" bigint NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"last_value" double precision NOT NULL,
	"points" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "metric_point" (
	"metric_id" bigint NOT NULL,
	"step" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"value" double precision NOT NULL,
	"fence" bigint DEFAULT 0 NOT NULL
) PARTITION BY RANGE ("at");
--> statement-breakpoint
CREATE TABLE "metric_point_default" PARTITION OF "metric_point" DEFAULT;
--> statement-breakpoint
CREATE TABLE "run" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"experiment_id" text NOT NULL,
	"name" text NOT NULL,
	"status" text NOT NULL,
	"code_commit" text DEFAULT '' NOT NULL,
	"seed" integer,
	"created_by" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "run_input" (
	"run_id" text NOT NULL,
	"project_id" text NOT NULL,
	"dataset_version_id" text NOT NULL,
	"context" text NOT NULL,
	CONSTRAINT "run_input_run_id_dataset_version_id_context_pk" PRIMARY KEY("run_id","dataset_version_id","context")
);
--> statement-breakpoint
CREATE TABLE "run_param" (
	"run_id" text NOT NULL,
	"project_id" text NOT NULL,
	"key" text NOT NULL,
	"value" text NOT NULL,
	CONSTRAINT "run_param_run_id_key_pk" PRIMARY KEY("run_id","key")
);
--> statement-breakpoint
CREATE TABLE "run_tag" (
	"run_id" text NOT NULL,
	"project_id" text NOT NULL,
	"key" text NOT NULL,
	"value" text NOT NULL,
	CONSTRAINT "run_tag_run_id_key_pk" PRIMARY KEY("run_id","key")
);
--> statement-breakpoint
CREATE TABLE "device" (
	"runner_id" text NOT NULL,
	"index" integer NOT NULL,
	"kind" text NOT NULL,
	"uuid" text NOT NULL,
	"model" text NOT NULL,
	"memory_mb" integer NOT NULL,
	"health" text NOT NULL,
	"attempt_id" text,
	CONSTRAINT "device_runner_id_index_pk" PRIMARY KEY("runner_id","index")
);
--> statement-breakpoint
CREATE TABLE "machine_token" (
	"sha256" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"runner_id" text,
	"gateway_id" text,
	"uses_left" integer,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "runner" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"state" text NOT NULL,
	"labels" text[] NOT NULL,
	"recipes" text[] NOT NULL,
	"version" text NOT NULL,
	"slots" integer NOT NULL,
	"cpus" integer NOT NULL,
	"memory_mb" integer NOT NULL,
	"session_id" text,
	"boot_id" text,
	"last_seen_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "attempt" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"job_id" text NOT NULL,
	"number" integer NOT NULL,
	"rank" integer DEFAULT 0 NOT NULL,
	"runner_id" text NOT NULL,
	"fence" bigint GENERATED ALWAYS AS IDENTITY (sequence name "attempt_fence_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"state" text NOT NULL,
	"stop_reason" text,
	"fail_class" text,
	"exit_code" integer,
	"reason" text,
	"log_bytes" bigint DEFAULT 0 NOT NULL,
	"next_metric_seq" integer DEFAULT 0 NOT NULL,
	"offered_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"lease_until" timestamp (3) with time zone,
	"fence_until" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "job" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"run_id" text NOT NULL,
	"dataset_version_id" text NOT NULL,
	"name" text NOT NULL,
	"recipe" text NOT NULL,
	"params" jsonb NOT NULL,
	"seed" integer NOT NULL,
	"model" text NOT NULL,
	"code_commit" text NOT NULL,
	"state" text NOT NULL,
	"priority" integer NOT NULL,
	"labels" text[] NOT NULL,
	"gpus" integer NOT NULL,
	"gpu_memory_mb" integer NOT NULL,
	"attempt_no" integer DEFAULT 0 NOT NULL,
	"max_attempts" integer NOT NULL,
	"infra_restarts" integer DEFAULT 0 NOT NULL,
	"max_infra_restarts" integer DEFAULT 20 NOT NULL,
	"timeout_s" integer NOT NULL,
	"fence_after_s" integer NOT NULL,
	"available_at" timestamp (3) with time zone NOT NULL,
	"cancel_requested_at" timestamp (3) with time zone,
	"why_waiting" jsonb,
	"traceparent" text,
	"model_version_id" text,
	"created_by" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "log_chunk" (
	"attempt_id" text NOT NULL,
	"offset" bigint NOT NULL,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "log_chunk_attempt_id_offset_pk" PRIMARY KEY("attempt_id","offset")
);
--> statement-breakpoint
CREATE TABLE "approval" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"model_version_id" text NOT NULL,
	"digest" text NOT NULL,
	"state" text NOT NULL,
	"comment" text NOT NULL,
	"requested_by" jsonb NOT NULL,
	"requested_at" timestamp (3) with time zone NOT NULL,
	"decided_by" jsonb,
	"decided_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "evaluation" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"model_version_id" text NOT NULL,
	"dataset_version_id" text,
	"split" text NOT NULL,
	"report" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "model" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "model_version" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"model_id" text NOT NULL,
	"version" integer NOT NULL,
	"stage" text NOT NULL,
	"sha256" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"signature" jsonb NOT NULL,
	"classes" jsonb NOT NULL,
	"run_id" text,
	"job_id" text,
	"dataset_version_id" text,
	"code_commit" text NOT NULL,
	"gates" jsonb NOT NULL,
	"gates_passed" boolean NOT NULL,
	"revision" integer DEFAULT 0 NOT NULL,
	"created_by" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "endpoint" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"name" text NOT NULL,
	"salt" text NOT NULL,
	"generation" bigint NOT NULL,
	"stable_variant_id" text NOT NULL,
	"canary_variant_id" text,
	"canary_bps" integer DEFAULT 0 NOT NULL,
	"pinned_at" timestamp (3) with time zone,
	"revision" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "gateway" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"boot_id" text,
	"observed" jsonb NOT NULL,
	"last_seen_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "routing" (
	"endpoint_id" text NOT NULL,
	"generation" bigint NOT NULL,
	"project_id" text NOT NULL,
	"weights" jsonb NOT NULL,
	"cause" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "routing_endpoint_id_generation_pk" PRIMARY KEY("endpoint_id","generation")
);
--> statement-breakpoint
CREATE TABLE "snapshot_head" (
	"id" integer PRIMARY KEY NOT NULL,
	"generation" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "variant" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"endpoint_id" text NOT NULL,
	"number" integer NOT NULL,
	"model_version_id" text NOT NULL,
	"stable_since" timestamp (3) with time zone,
	"rolled_back_at" timestamp (3) with time zone,
	"created_by" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ingest_batch" (
	"gateway_id" text NOT NULL,
	"boot_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "ingest_batch_gateway_id_boot_id_seq_pk" PRIMARY KEY("gateway_id","boot_id","seq")
);
--> statement-breakpoint
CREATE TABLE "rollout" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"endpoint_id" text NOT NULL,
	"number" integer NOT NULL,
	"from_variant_id" text NOT NULL,
	"to_variant_id" text NOT NULL,
	"state" text NOT NULL,
	"policy" jsonb NOT NULL,
	"step_index" integer NOT NULL,
	"step_started_at" timestamp (3) with time zone NOT NULL,
	"evidence" jsonb NOT NULL,
	"evidence_to" timestamp (3) with time zone NOT NULL,
	"reason" text,
	"revision" integer DEFAULT 0 NOT NULL,
	"started_by" jsonb NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "rollout_evidence" (
	"rollout_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"guard" text NOT NULL,
	"project_id" text NOT NULL,
	"log_e" double precision NOT NULL,
	CONSTRAINT "rollout_evidence_rollout_id_at_guard_pk" PRIMARY KEY("rollout_id","at","guard")
);
--> statement-breakpoint
CREATE TABLE "traffic_second" (
	"endpoint_id" text NOT NULL,
	"variant_id" text NOT NULL,
	"second" bigint NOT NULL,
	"gateway_id" text NOT NULL,
	"project_id" text NOT NULL,
	"requests" integer NOT NULL,
	"errors" integer NOT NULL,
	"latency" integer[] NOT NULL,
	CONSTRAINT "traffic_second_endpoint_id_second_variant_id_gateway_id_pk" PRIMARY KEY("endpoint_id","second","variant_id","gateway_id")
);
--> statement-breakpoint
CREATE TABLE "feedback" (
	"prediction_id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"label" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "prediction" (
	"id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"project_id" text NOT NULL,
	"endpoint_id" text NOT NULL,
	"variant_id" text NOT NULL,
	"model_version_id" text NOT NULL,
	"latency_ms" double precision NOT NULL,
	"label" text,
	"score" double precision,
	"trace_id" text,
	"features" real[] NOT NULL,
	CONSTRAINT "prediction_id_at_pk" PRIMARY KEY("id","at")
) PARTITION BY RANGE ("at");
--> statement-breakpoint
CREATE TABLE "prediction_default" PARTITION OF "prediction" DEFAULT;
--> statement-breakpoint
CREATE TABLE "drift_report" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"endpoint_id" text NOT NULL,
	"variant_id" text NOT NULL,
	"reference_dataset_version_id" text NOT NULL,
	"window_from" timestamp (3) with time zone NOT NULL,
	"window_to" timestamp (3) with time zone NOT NULL,
	"n_reference" integer NOT NULL,
	"n_current" integer NOT NULL,
	"method" jsonb NOT NULL,
	"verdict" text NOT NULL,
	"drifted" integer NOT NULL,
	"max_d" double precision NOT NULL,
	"features" jsonb NOT NULL,
	"prediction" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alert" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"endpoint_id" text,
	"rule" text NOT NULL,
	"fingerprint" text NOT NULL,
	"severity" text NOT NULL,
	"state" text NOT NULL,
	"summary" text NOT NULL,
	"evidence" jsonb NOT NULL,
	"drift_report_id" text,
	"rollout_id" text,
	"count" integer NOT NULL,
	"clean_count" integer DEFAULT 0 NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"acked_by" jsonb,
	"acked_at" timestamp (3) with time zone,
	"resolved_at" timestamp (3) with time zone,
	"resolution" text,
	"revision" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alert_channel" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"settings" jsonb NOT NULL,
	"sealed_secret" text NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "delivery" (
	"id" text PRIMARY KEY NOT NULL,
	"project_id" text NOT NULL,
	"alert_id" text NOT NULL,
	"channel_id" text NOT NULL,
	"transition" text NOT NULL,
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
ALTER TABLE "account" ADD CONSTRAINT "account_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_project_id_project_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."project"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_owner_id_user_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "member" ADD CONSTRAINT "member_project_id_project_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."project"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "member" ADD CONSTRAINT "member_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "artifact" ADD CONSTRAINT "artifact_sha256_blob_sha256_fk" FOREIGN KEY ("sha256") REFERENCES "public"."blob"("sha256") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "blob_access" ADD CONSTRAINT "blob_access_sha256_blob_sha256_fk" FOREIGN KEY ("sha256") REFERENCES "public"."blob"("sha256") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dataset_version" ADD CONSTRAINT "dataset_version_dataset_id_dataset_id_fk" FOREIGN KEY ("dataset_id") REFERENCES "public"."dataset"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run" ADD CONSTRAINT "run_experiment_id_experiment_id_fk" FOREIGN KEY ("experiment_id") REFERENCES "public"."experiment"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "device" ADD CONSTRAINT "device_runner_id_runner_id_fk" FOREIGN KEY ("runner_id") REFERENCES "public"."runner"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "machine_token" ADD CONSTRAINT "machine_token_runner_id_runner_id_fk" FOREIGN KEY ("runner_id") REFERENCES "public"."runner"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_job_id_job_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."job"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_runner_id_runner_id_fk" FOREIGN KEY ("runner_id") REFERENCES "public"."runner"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "log_chunk" ADD CONSTRAINT "log_chunk_attempt_id_attempt_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempt"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approval" ADD CONSTRAINT "approval_model_version_id_model_version_id_fk" FOREIGN KEY ("model_version_id") REFERENCES "public"."model_version"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evaluation" ADD CONSTRAINT "evaluation_model_version_id_model_version_id_fk" FOREIGN KEY ("model_version_id") REFERENCES "public"."model_version"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "model_version" ADD CONSTRAINT "model_version_model_id_model_id_fk" FOREIGN KEY ("model_id") REFERENCES "public"."model"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_alert_id_alert_id_fk" FOREIGN KEY ("alert_id") REFERENCES "public"."alert"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_channel_id_alert_channel_id_fk" FOREIGN KEY ("channel_id") REFERENCES "public"."alert_channel"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "account_user" ON "account" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "api_key_sha256" ON "api_key" USING btree ("sha256");--> statement-breakpoint
CREATE INDEX "api_key_owner" ON "api_key" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "member_user" ON "member" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "session_user" ON "session" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "verification_identifier" ON "verification" USING btree ("identifier");--> statement-breakpoint
CREATE UNIQUE INDEX "project_slug" ON "project" USING btree ("slug");--> statement-breakpoint
CREATE INDEX "idempotency_created" ON "idempotency" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "ledger_target" ON "ledger_entry" USING btree ("project_id","target_id");--> statement-breakpoint
CREATE INDEX "ledger_at" ON "ledger_entry" USING btree ("project_id","at");--> statement-breakpoint
CREATE INDEX "outbox_due" ON "outbox" USING btree ("available_at");--> statement-breakpoint
CREATE UNIQUE INDEX "artifact_path" ON "artifact" USING btree ("run_id","path");--> statement-breakpoint
CREATE INDEX "upload_expires" ON "upload" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "dataset_name" ON "dataset" USING btree ("project_id","name");--> statement-breakpoint
CREATE UNIQUE INDEX "dataset_version_number" ON "dataset_version" USING btree ("dataset_id","version");--> statement-breakpoint
CREATE INDEX "dataset_version_project" ON "dataset_version" USING btree ("project_id");--> statement-breakpoint
CREATE UNIQUE INDEX "experiment_name" ON "experiment" USING btree ("project_id","name");--> statement-breakpoint
CREATE UNIQUE INDEX "metric_key" ON "metric" USING btree ("run_id","key");--> statement-breakpoint
CREATE INDEX "metric_point_step" ON "metric_point" USING btree ("metric_id","step");--> statement-breakpoint
CREATE INDEX "run_project" ON "run" USING btree ("project_id","id");--> statement-breakpoint
CREATE INDEX "run_experiment" ON "run" USING btree ("experiment_id");--> statement-breakpoint
CREATE INDEX "run_input_dataset" ON "run_input" USING btree ("dataset_version_id");--> statement-breakpoint
CREATE INDEX "device_attempt" ON "device" USING btree ("attempt_id");--> statement-breakpoint
CREATE INDEX "machine_token_runner" ON "machine_token" USING btree ("runner_id");--> statement-breakpoint
CREATE UNIQUE INDEX "attempt_live" ON "attempt" USING btree ("job_id","rank") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "attempt_job" ON "attempt" USING btree ("job_id");--> statement-breakpoint
CREATE INDEX "attempt_lease" ON "attempt" USING btree ("lease_until") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "attempt_runner" ON "attempt" USING btree ("runner_id") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "job_queued" ON "job" USING btree ("project_id","priority" DESC NULLS LAST,"id") WHERE state = 'queued';--> statement-breakpoint
CREATE INDEX "job_project" ON "job" USING btree ("project_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "job_run" ON "job" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "approval_version" ON "approval" USING btree ("model_version_id");--> statement-breakpoint
CREATE INDEX "approval_project" ON "approval" USING btree ("project_id","state");--> statement-breakpoint
CREATE UNIQUE INDEX "evaluation_split" ON "evaluation" USING btree ("model_version_id","split");--> statement-breakpoint
CREATE UNIQUE INDEX "model_name" ON "model" USING btree ("project_id","name");--> statement-breakpoint
CREATE UNIQUE INDEX "model_version_number" ON "model_version" USING btree ("model_id","version");--> statement-breakpoint
CREATE UNIQUE INDEX "model_version_job" ON "model_version" USING btree ("job_id");--> statement-breakpoint
CREATE INDEX "model_version_project" ON "model_version" USING btree ("project_id");--> statement-breakpoint
CREATE INDEX "model_version_dataset" ON "model_version" USING btree ("dataset_version_id");--> statement-breakpoint
CREATE UNIQUE INDEX "endpoint_name" ON "endpoint" USING btree ("project_id","name");--> statement-breakpoint
CREATE UNIQUE INDEX "variant_number" ON "variant" USING btree ("endpoint_id","number");--> statement-breakpoint
CREATE INDEX "variant_model_version" ON "variant" USING btree ("model_version_id");--> statement-breakpoint
CREATE INDEX "ingest_batch_at" ON "ingest_batch" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "rollout_active" ON "rollout" USING btree ("endpoint_id") WHERE state in ('progressing', 'paused');--> statement-breakpoint
CREATE UNIQUE INDEX "rollout_number" ON "rollout" USING btree ("endpoint_id","number");--> statement-breakpoint
CREATE INDEX "feedback_recorded" ON "feedback" USING btree ("project_id","recorded_at");--> statement-breakpoint
CREATE INDEX "prediction_endpoint" ON "prediction" USING btree ("endpoint_id","at");--> statement-breakpoint
CREATE INDEX "drift_endpoint" ON "drift_report" USING btree ("endpoint_id","window_to");--> statement-breakpoint
CREATE UNIQUE INDEX "drift_window" ON "drift_report" USING btree ("endpoint_id","variant_id","window_to");--> statement-breakpoint
CREATE UNIQUE INDEX "alert_open" ON "alert" USING btree ("project_id","fingerprint") WHERE state <> 'resolved';--> statement-breakpoint
CREATE INDEX "alert_project" ON "alert" USING btree ("project_id","opened_at");--> statement-breakpoint
CREATE INDEX "alert_endpoint" ON "alert" USING btree ("endpoint_id");--> statement-breakpoint
CREATE INDEX "alert_channel_project" ON "alert_channel" USING btree ("project_id");--> statement-breakpoint
CREATE UNIQUE INDEX "delivery_once" ON "delivery" USING btree ("alert_id","channel_id","transition");--> statement-breakpoint
CREATE INDEX "delivery_due" ON "delivery" USING btree ("next_at") WHERE state = 'pending';
--> statement-breakpoint
CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger_entry"
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
--> statement-breakpoint
INSERT INTO "snapshot_head" ("id", "generation") VALUES (1, 1);
