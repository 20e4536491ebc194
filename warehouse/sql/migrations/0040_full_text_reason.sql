-- An article on several pages is read on its first one, and its reason says so.

comment on column full_texts.reason is 'Why there is no text, or of which part of the article it is; null where the whole was read.';
