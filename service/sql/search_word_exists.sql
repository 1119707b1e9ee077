select exists(
    select token.token
    from gold.serving_search_token as token
    where
        token.token >= $word
        and token.token < $word_end
        and (token.kind <> 'email' or $may_see_personal_data)
) as is_known
