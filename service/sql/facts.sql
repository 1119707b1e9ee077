select
    max(as_of) as as_of,
    max(previous_as_of) as previous_as_of
from gold.serving_customer
