"""What the API takes and answers: one Struct for each named schema of the OpenAPI document."""
