-- What is so in a whole file of trips, said once: rows of a standing car, a column of energy that is always 0.
alter table vehicles.import add column notes jsonb not null default '[]';
