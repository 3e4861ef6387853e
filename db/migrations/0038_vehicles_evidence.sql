-- An auditor who saw a photo, an inspection paper or the car notes what the odometer showed: a reading that its owner did
-- not write. Only such readings, those of connections and those of hand-overs raise what an owner's file claims.

alter table vehicles.odometer drop constraint odometer_source_check;
alter table vehicles.odometer add constraint odometer_source_check
  check (source in ('owner', 'connection', 'handover', 'auditor'));
