CREATE INDEX "metric_probe" ON "metric" USING hash ((run_id || key));--> statement-breakpoint
CREATE INDEX "run_probe" ON "run" USING hash ("id");--> statement-breakpoint
-- An index of an expression is chosen once there is something known of the expression.
ANALYZE "metric";
