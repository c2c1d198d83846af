DROP INDEX "run_experiment";--> statement-breakpoint
DROP INDEX "run_started";--> statement-breakpoint
CREATE INDEX "run_of_experiment_begun" ON "run" USING btree ("experiment_id",coalesce(started_at, created_at) desc nulls last,"id");--> statement-breakpoint
CREATE INDEX "run_begun" ON "run" USING btree ("project_id",coalesce(started_at, created_at) desc nulls last,"id");