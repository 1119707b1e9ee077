with contract as (

    select * from {{ newest_version(ref('base_contract'), 'contract_id') }} as contract

)

select
    {{ salesforce_id('contract.contract_id') }} as contract_id,
    {{ surviving_account_id('contract.account_id') }} as account_id,
    {{ clean_text('contract.contract_number') }} as contract_number,
    {{ picklist_value('contract_status', 'contract.status') }} as status,
    {{ to_date('contract.start_date') }} as start_date,
    {{ to_date('contract.end_date') }} as end_date,
    {{ to_integer('contract.contract_term_months') }} as contract_term_months,
    {{ to_date('contract.notice_given_date') }} as notice_given_date,
    {{ record_columns('contract') }}
from contract
{{ picklist_join('contract_status', 'contract.status') }}
