CREATE INDEX "metric_of_key" ON "metric" USING btree ("project_id","key");--> statement-breakpoint
CREATE INDEX "run_param_value" ON "run_param" USING btree ("project_id","key",left(value, 60));--> statement-breakpoint
CREATE INDEX "run_tag_value" ON "run_tag" USING btree ("project_id","key",left(value, 60));