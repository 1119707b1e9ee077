{#- A word in more names than this is common; the bound grows with the number of names. -#}
{%- set cap -%}
    (select greatest(200, cast(count(*) / 50 as integer)) from {{ ref('int_company_name') }})
{%- endset -%}
{#- Names that begin with the same letters, spaces left out, as long as they are few. -#}
{%- set beginning_length = 7 -%}
{%- set widest_beginning = 20 -%}
with name as (

    select * from {{ ref('int_company_name') }}

),

word as (

    select * from {{ ref('int_word') }}

),

numbered as (

    select
        name_id,
        words,
        rarities,
        {{ unnest_list(list_places('words')) }} as place
    from name

),

placed as (

    select
        name_id,
        place,
        {{ list_element('words', 'place') }} as word,
        {{ list_element('rarities', 'place') }} as rarity
    from numbered

),

ranked as (

    select
        placed.name_id,
        placed.word,
        placed.place,
        word.name_count,
        row_number() over (
            partition by placed.name_id order by placed.rarity desc, placed.word asc
        ) as rarity_rank
    from placed
    inner join word on placed.word = word.word

),

rare_word as (

    select
        name_id,
        word
    from ranked
    where rarity_rank <= 3 and name_count <= {{ cap }}

),

neighbour_word as (

    select
        rare_word.name_id,
        neighbour.neighbour as word
    from rare_word
    inner join {{ ref('int_word_neighbour') }} as neighbour on rare_word.word = neighbour.word

),

joined_word as (

    select
        head.name_id,
        head.word || tail.word as word
    from placed as head
    inner join placed as tail
        on head.name_id = tail.name_id and head.place + 1 = tail.place
    where head.word || tail.word in (select whole.word from {{ ref('int_word') }} as whole)

),

-- A name of common words only is found by its two rarest together.
common_pair as (

    select
        rarer.name_id,
        rarer.word || ' ' || other.word as word
    from ranked as rarer
    inner join ranked as other
        on
            rarer.name_id = other.name_id
            and rarer.rarity_rank < other.rarity_rank
            and other.rarity_rank <= 3
    where rarer.name_count > {{ cap }}

),

-- Joined words with a typo in them share no word, but mostly the beginning of the name.
beginning as (

    select
        name_id,
        'start ' || left(replace(loose_key, ' ', ''), {{ beginning_length }}) as word
    from name
    where length(replace(loose_key, ' ', '')) > {{ beginning_length }}
    qualify
        count(*) over (partition by left(replace(loose_key, ' ', ''), {{ beginning_length }}))
        <= {{ widest_beginning }}

),

block as (

    select
        name_id,
        word,
        true as is_own
    from rare_word
    union all
    select
        name_id,
        word,
        true as is_own
    from beginning
    union all
    select
        name_id,
        word,
        false as is_own
    from neighbour_word
    union all
    select
        name_id,
        word,
        false as is_own
    from joined_word
    union all
    select
        name_id,
        word,
        true as is_own
    from common_pair

),

member as (

    select
        name_id,
        word,
        bool_or(is_own) as is_own
    from block
    group by name_id, word

)

select
    member.name_id,
    member.word as block_key,
    member.is_own,
    count(*) over (partition by member.word) as block_size,
    -- The rest of the name, whatever the order of its words, puts its spellings side by side.
    row_number() over (
        partition by member.word
        order by
            replace(' ' || name.sorted_words || ' ', ' ' || member.word || ' ', ' ') asc,
            name.loose_key asc
    ) as block_rank
from member
inner join name on member.name_id = name.name_id
qualify count(*) over (partition by member.word) > 1
