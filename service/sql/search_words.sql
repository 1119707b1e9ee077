-- Folded and split exactly as the words of names in serving_search_token.
select
    lower(strip_accents($text)) as folded,
    regexp_extract_all(lower(strip_accents($text)), '[\p{L}\p{N}]+') as words
