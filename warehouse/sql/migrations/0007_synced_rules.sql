-- Which rules companies, aliases and topics were written by, so that a run need not
-- compare them row by row.

alter table reporting add column rules_version varchar;
comment on column reporting.rules_version is 'Version of the watchlist that companies, aliases and topics stand for; null before the first run.';
