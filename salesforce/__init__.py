"""One connection to a Salesforce org, for all that speak to it: settings, sign-in, HTTP."""
