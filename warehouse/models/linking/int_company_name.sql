{#- A name of so many accounts as few companies have, whose every word stands in more than so many
    names, is likely borne by several companies. -#}
{%- set crowd_names = 10 -%}
{#- How many accounts a company has, names with a word of their own show: a number that one in so
    many of them reaches costs nothing, each half of that share a bit. -#}
{%- set crowd_share = 32 -%}
with name as (

    select
        loose_key,
        count(*) as account_count
    from {{ ref('int_account_name') }}
    where loose_key is not null
    group by loose_key

),

split as (

    select
        loose_key,
        account_count,
        {{ split_words('loose_key') }} as words,
        {{ sorted_text(split_words('loose_key')) }} as sorted_words
    from name

),

numbered as (

    select
        loose_key,
        words,
        {{ unnest_list(list_places('words')) }} as place
    from split

),

placed as (

    select
        loose_key,
        place,
        {{ list_element('words', 'place') }} as word
    from numbered

),

weighed as (

    select
        placed.loose_key,
        {{ collect_list('word.rarity', 'placed.place') }} as rarities,
        max(word.bits) as bits,
        min(word.name_count) as fewest_names
    from placed
    inner join {{ ref('int_word') }} as word on placed.word = word.word
    group by placed.loose_key

),

-- Names of the same words in another order count as one.
crowd as (

    select
        split.loose_key,
        weighed.fewest_names > {{ crowd_names }} as is_of_common_words,
        sum(split.account_count) over (partition by split.sorted_words) as account_count
    from split
    inner join weighed on split.loose_key = weighed.loose_key

),

sized as (

    select
        loose_key,
        is_of_common_words,
        -- Among the names with a word of their own, those of as many accounts or more.
        1 + sum(case when is_of_common_words then 0 else 1 end) over (
            order by account_count desc
        ) as as_large,
        1 + sum(case when is_of_common_words then 0 else 1 end) over () as distinctive
    from crowd

)

select
    row_number() over (order by split.loose_key) as name_id,
    split.loose_key,
    split.account_count,
    split.words,
    split.sorted_words,
    weighed.rarities,
    weighed.bits,
    -- Evidence of another account with this very name: its words, and that there are no others.
    {{ list_total('weighed.rarities') }} - weighed.bits - log2(
        count(*) over (partition by {{ list_length('split.words') }}) / count(*) over ()
    ) as own_evidence,
    -- What accounts of this name have to prove beyond other names, in bits; null for most names.
    case
        when sized.is_of_common_words and sized.as_large * {{ crowd_share }} < sized.distinctive
            then log2(cast(sized.distinctive as double) / (sized.as_large * {{ crowd_share }}))
    end as crowd_bits
from split
inner join weighed on split.loose_key = weighed.loose_key
inner join sized on split.loose_key = sized.loose_key
