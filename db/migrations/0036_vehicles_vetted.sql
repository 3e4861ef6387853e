-- Who checked a push token's sender, and when: only what such a device or adapter sends is of the tier `connected`.

alter table vehicles.push_token add column vetted_at timestamptz;
alter table vehicles.push_token add column vetted_by text;
alter table vehicles.push_token add constraint vetted_by_somebody check ((vetted_at is null) = (vetted_by is null));

comment on column vehicles.push_token.vetted_by is 'Id<"user">';
