-- Comments name no firm and no country as an example: a beat of another industry shows them.

comment on column alerts.step is 'What an update brings (publishers:7, language:en, company:<id>, back, correction; several are apart by spaces); empty in a first alert.';
comment on column articles.relevance is 'How surely it belongs to the beat: 0 to 1. Null where an earlier release tagged it: `sinowire retag` fills it in.';
comment on column companies.country is 'Where it is at home, by ISO 3166: at home to the beat, or a peer abroad. Empty where it is merely abroad.';
comment on column headline_facts.value is 'By kind: the side of who acts; the amount as written; the region; the occasion that falls on a day (listing, earnings, hearing or rule).';
