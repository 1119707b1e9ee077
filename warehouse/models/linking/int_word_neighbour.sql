with word as (

    select * from {{ ref('int_word') }}
    where length(word) >= 4 and not {{ regex_matches('word', '^[0-9]+$') }}

),

-- Two words one edit apart have a spelling in common once one letter of each is left out.
shortened as (

    select distinct
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
        'start ' || left(word, 5) as part
    from word
    where length(word) >= 8
    union all
    select
        word,
        name_count,
        'end ' || right(word, 5) as part
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
        rare.word <> other.word
        and (rare.name_count, rare.word) < (other.name_count, other.word)
        and rare.name_count <= 4
    union
    select
        rare.word,
        other.word as neighbour
    from small_part as rare
    inner join small_part as other on rare.part = other.part
    where
        rare.word <> other.word
        and (rare.name_count, rare.word) < (other.name_count, other.word)
        and rare.name_count <= 4
        and damerau_levenshtein(rare.word, other.word) <= 2

)

select
    word,
    neighbour
from pair
