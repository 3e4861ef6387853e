-- The kind of id that each column holds: the generated types take it from the comment.
comment on column notifications.notification.id is 'Id<"notification">';
comment on column notifications.notification.user_id is 'Id<"user">';
comment on column notifications.preference.user_id is 'Id<"user">';
