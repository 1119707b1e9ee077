with product as (

    select * from {{ newest_version(ref('base_product'), 'product_id') }} as product

)

select
    {{ salesforce_id('product_id') }} as product_id,
    {{ html_to_text('product_name') }} as product_name,
    {{ upper_text('product_code') }} as product_code,
    {{ clean_text('product_family') }} as product_family,
    coalesce({{ to_boolean('is_active') }}, false) as is_active,
    {{ record_columns('product') }}
from product
