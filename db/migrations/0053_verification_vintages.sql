-- A tree for each batch of a request.
alter table verification.tree drop constraint tree_request_id_key;
create index tree_request on verification.tree (request_id);
