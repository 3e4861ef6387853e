-- The market is filtered by data quality and shows where prices lie. Old code counts neither and removes them at its next
-- count; the newer code beside it counts them again.
alter table marketplace.facet drop constraint facet_facet_check;
alter table marketplace.facet add constraint facet_facet_check
  check (facet in ('country', 'vintage', 'method', 'type', 'quality', 'price'));
