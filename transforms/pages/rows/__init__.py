"""Records and queries of pages.sql that several pages share."""
