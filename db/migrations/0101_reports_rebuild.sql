-- `rebuild` empties the sums and builds them again from the rows that the truth is in.
grant delete on reports.personal_month, reports.platform_month to evx_app;
