-- DuckDB counts edits in bytes, and an edit of a character changes eight bytes at most (two of four
-- bytes that change places). So this keeps every word within $edits edits of characters, and more
-- of them where letters take several bytes: the caller measures what is left.
with candidate as (

    select
        word,
        customers,
        left(word, length($word)) as beginning
    from gold.serving_search_word
    where letters between length($word) - 2 and length($word) + 12

)

select
    word,
    customers
from candidate
where
    least(
        damerau_levenshtein(word, $word),
        damerau_levenshtein(beginning, $word)
    )
    <= $edits
    * case when strlen($word) = length($word) and strlen(word) = length(word) then 1 else 8 end
