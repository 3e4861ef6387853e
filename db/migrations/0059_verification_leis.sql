-- For which company credits were retired, beside its name: its Legal Entity Identifier (ISO 17442), where it has one.
alter table credits.retirement add column beneficiary_lei text check (beneficiary_lei ~ '^[0-9A-Z]{18}[0-9]{2}$');
