-- A typo is one edit in a short word and two in a long one, also within a prefix.
with candidate as (

    select
        word,
        customers,
        least(
            damerau_levenshtein(word, $word),
            damerau_levenshtein(left(word, length($word)), $word)
        ) as edits
    from gold.serving_search_word
    where letters between length($word) - 2 and length($word) + 12

)

select word
from candidate
where edits <= case when length($word) < 4 then 0 when length($word) < 8 then 1 else 2 end
order by edits, customers desc, word
limit 12
