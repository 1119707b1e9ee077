with name as (

    select
        loose_key,
        count(*) as account_count
    from {{ ref('int_account_name') }}
    where loose_key is not null
    group by loose_key

),

placed as (

    select
        loose_key,
        unnest(string_split(loose_key, ' ')) as word,
        unnest(range(len(string_split(loose_key, ' ')))) as place
    from name

),

weighed as (

    select
        placed.loose_key,
        list(placed.word order by placed.place) as words,
        string_agg(placed.word, ' ' order by placed.word asc) as sorted_words,
        list(word.rarity order by placed.place) as rarities,
        max(word.bits) as bits
    from placed
    inner join {{ ref('int_word') }} as word on placed.word = word.word
    group by placed.loose_key

)

select
    row_number() over (order by name.loose_key) as name_id,
    name.loose_key,
    name.account_count,
    weighed.words,
    weighed.sorted_words,
    weighed.rarities,
    weighed.bits,
    -- Evidence of another account with this very name: its words, and that there are no others.
    list_sum(weighed.rarities) - weighed.bits - log2(
        count(*) over (partition by len(weighed.words)) / count(*) over ()
    ) as own_evidence
from name
inner join weighed on name.loose_key = weighed.loose_key
