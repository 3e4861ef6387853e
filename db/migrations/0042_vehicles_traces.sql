-- How the drives of a request follow one another, as keyed hashes: what of a copy is left when its trips were split, joined,
-- thinned out, spread over several cars and files, moved in time and scaled. No position and no distance goes in that
-- could be told from one.

create table vehicles.trace (
  id bigint generated always as identity primary key,
  request_id text not null check (request_id like 'req\_%'),
  feature int8 not null,
  -- Minutes since 1970 at which its first drive begins: a copy lies at one distance in time from what it was made of.
  minute int4 not null,
  -- One in 2^rank features is kept of so large a request.
  rank int2 not null check (rank between 0 and 31)
);

create index trace_feature on vehicles.trace (feature);
create index trace_request on vehicles.trace (request_id);

comment on column vehicles.trace.request_id is 'Id<"request">';
grant select, insert, delete on vehicles.trace to evx_app;

-- The least rank of what is kept of a request; null where its trips were taken before traces were.
alter table vehicles.claim_basis add column trace_rank int2;
