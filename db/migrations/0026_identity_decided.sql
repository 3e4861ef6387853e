-- Decided files in the order of their decisions, for the sweep that tells people whom an event missed.
create index kyc_file_by_decision on identity.kyc_file (decided_at, id) where decided_at is not null;
