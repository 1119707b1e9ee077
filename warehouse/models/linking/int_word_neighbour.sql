with word as (

    select * from {{ ref('int_word') }}
    where length(word) >= 4 and not {{ regex_matches('word', '^[0-9]+$') }}

),

-- Two words one edit apart have a spelling in common once one letter of each is left out. Of two
-- equal letters in a row it does not matter which.
shortened as (

    select
        word,
        name_count,
        left(word, place) || substr(word, place + 2) as spelling
    from (
        select
            word,
            name_count,
            {{ unnest_list(text_places('word')) }} as place
        from word
    ) as letter
    where substr(word, place + 1, 1) <> substr(word, place + 2, 1)
    union all
    select
        word,
        name_count,
        word as spelling
    from word

),

-- Two edits in a long word mostly leave its beginning or its end whole.
halved as (

    select
        word,
        name_count,
        'start ' || left(word, 5) as part,
        substr(word, 6) as other_part
    from word
    where length(word) >= 8
    union all
    select
        word,
        name_count,
        'end ' || right(word, 5) as part,
        left(word, length(word) - 5) as other_part
    from word
    where length(word) >= 8

),

small_part as (

    select *
    from halved
    qualify count(*) over (partition by part) <= 50

),

pair as (

    select
        rare.word,
        other.word as neighbour
    from shortened as rare
    inner join shortened as other on rare.spelling = other.spelling
    where
        (rare.name_count, rare.word) < (other.name_count, other.word)
        and rare.name_count <= 4
    union
    select
        rare.word,
        other.word as neighbour
    from small_part as rare
    inner join small_part as other on rare.part = other.part
    where
        (rare.name_count, rare.word) < (other.name_count, other.word)
        and rare.name_count <= 4
        and case
            when abs(length(rare.word) - length(other.word)) <= 2
                then levenshtein(rare.other_part, other.other_part) <= 2
            else false
        end

)

select
    word,
    neighbour
from pair
