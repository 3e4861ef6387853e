-- A snapshot in parts, so that neither who takes it nor who hands it out holds it whole. The bytes of `snapshot.content`
-- come before them: those of a server of the version before are all there, those of today's all here.

create table verification.snapshot_part (
  day text not null references verification.snapshot (day) deferrable initially deferred,
  place integer not null check (place >= 0),
  content bytea not null,
  primary key (day, place)
);

create trigger append_only before update or delete or truncate on verification.snapshot_part
  for each statement execute function public.refuse_change();

comment on table verification.snapshot_part is 'distributed by day';
grant select, insert on verification.snapshot_part to evx_app;
