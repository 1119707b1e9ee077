select max(as_of) as as_of from previous.gold.serving_customer
