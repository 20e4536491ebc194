-- The mentions that count: in headline or summary, of what the article is about or names.
-- An owner, a rival or the place of a post is none, nor is who tells it. What an earlier
-- release tagged has no role and counts. Fields are three: to ask for the one that is left
-- out is three times faster than for the two that count.
create or replace macro is_counted(field, role) as
    field <> 'content' and (role is null or role in ('subject', 'named'));

create or replace macro named_mentions() as table
    from mentions
    where is_counted(field, role);

-- A company that is not at home on the beat is stored as foreign; a body says where it is.
create or replace macro is_peer(kind, country) as
    kind = 'foreign_company'
    or (kind not in ('company', 'brand') and country not in ('', 'CN', 'HK', 'MO'));

-- What has a part in share of voice: public bodies and persons have none.
create or replace macro competes(kind) as kind in ('company', 'brand', 'foreign_company');

comment on macro table named_mentions is 'The rows of mentions that counts are made from: in title or summary, with the role subject or named.';
comment on macro is_counted is 'Whether a mention counts, of its field and role: in title or summary, with the role subject or named.';
comment on macro competes is 'Whether entities of that kind are compared by their part of the news: companies and brands, wherever they are at home.';
comment on macro is_peer is 'Whether a company of that kind and country is at home elsewhere: it has rows beside those of the beat and no part in their sum.';

-- A table's comment that the baseline has in words of before [home] of the watchlist.
comment on column companies.country is 'Where it is at home, by ISO 3166; empty where it is merely abroad. Whether a company is at home on the beat, its kind says, by [home] of the watchlist.';
