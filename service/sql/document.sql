select document.document
from gold.serving_customer_document as document
where document.customer_id = $customer_id
