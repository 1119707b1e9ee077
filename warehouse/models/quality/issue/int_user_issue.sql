{{ record_issues(
    'user',
    rejected={'email': [email_address('version.email'), 'not an e-mail address']},
    repaired={'email': [email_address('version.email'), 'capitals or whitespace corrected']}
) }}
