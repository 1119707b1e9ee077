{{ config(schema='intermediate', access='protected') }}

with country as (

    select * from {{ ref('country') }}

),

spelling as (

    select
        country_name as spelling,
        country_code
    from country
    union all
    select
        country_code as spelling,
        country_code
    from country
    union all
    select
        alpha_3_code as spelling,
        country_code
    from country
    union all
    select
        country_alias as spelling,
        country_code
    from {{ ref('country_alias') }}

)

select distinct
    {{ country_key('spelling') }} as spelling,
    country_code
from spelling
