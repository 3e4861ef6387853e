-- Ids of the schema's tables carry their kind in the generated types, so that no code has to claim it.

comment on column identity.user.id is 'Id<"user">';
comment on column identity.session.id is 'Id<"session">';
comment on column identity.session.user_id is 'Id<"user">';
comment on column identity.account.id is 'Id<"credential">';
comment on column identity.account.user_id is 'Id<"user">';
comment on column identity.signing_key.id is 'Id<"signingKey">';
comment on column identity.refresh_token.id is 'Id<"token">';
comment on column identity.refresh_token.session_id is 'Id<"session">';
comment on column identity.two_factor.user_id is 'Id<"user">';
comment on column identity.api_key.id is 'Id<"apikey">';
comment on column identity.api_key.reference_id is 'Id<"user">';
comment on column identity.audit.id is 'Id<"audit">';
comment on column identity.audit.actor_id is 'Id<"user">';
comment on column identity.kyc_file.id is 'Id<"kycFile">';
comment on column identity.kyc_file.user_id is 'Id<"user">';
comment on column identity.kyc_file.decided_by is 'Id<"user">';
comment on column identity.document.id is 'Id<"document">';
comment on column identity.document.user_id is 'Id<"user">';
comment on column identity.document.file_id is 'Id<"kycFile">';
