{#- Small orgs have seen too few names to know which words are common: the seed speaks for this
    many names more. -#}
{%- set prior_names = 2000 -%}
with name as (

    select distinct loose_key
    from {{ ref('int_account_name') }}
    where loose_key is not null

),

word as (

    select distinct
        loose_key,
        {{ unnest_list(split_words('loose_key')) }} as word
    from name

),

counted as (

    select
        word,
        count(*) as name_count
    from word
    group by word

),

total as (

    select count(*) as name_count from name

)

select
    counted.word,
    counted.name_count,
    -- A letter carries some three and a half bits, so a short word never proves much; no word is
    -- rarer than the seed says. Where the seed does not name it, the null is no part of the least.
    cast(
        least(
            log2(
                (total.name_count + {{ prior_names }})
                / (counted.name_count + {{ prior_names }} * coalesce(common_word.share, 0))
            ),
            3.5 * length(counted.word),
            -log2(common_word.share)
        ) as float
    ) as rarity,
    log2(total.name_count + {{ prior_names }}) as bits
from counted
cross join total
left join {{ ref('common_word') }} as common_word on counted.word = common_word.word
