-- Beside traces, which lie at one distance in time from what they were copied of, threads: the same keyed hashes of what
-- stays when the clock runs at another speed, by which a copy is found from the order of its drives alone.

alter table vehicles.trace add column thread boolean not null default false;

-- As trace_rank, of the threads; null where they are still to be taken.
alter table vehicles.claim_basis add column thread_rank int2;

create index claim_basis_unthreaded on vehicles.claim_basis (request_id) where thread_rank is null;
