"""A local Salesforce look-alike over generated data."""
