-- needs function public.folded
-- Operators find people and vehicles by parts of words, with or without their marks.
create index user_found on identity.user using gin (public.folded(full_name || ' ' || email) gin_trgm_ops);

create index vehicle_found on vehicles.vehicle using gin
  (public.folded(vin || ' ' || coalesce(plate, '') || ' ' || coalesce(label, '') || ' ' || make || ' ' || model) gin_trgm_ops);
