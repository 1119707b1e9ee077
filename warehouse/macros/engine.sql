{#-
    Everything that DuckDB and Spark write differently, and nothing else: each expression is a
    dispatched macro, so that another engine adds its own `<engine>__<name>` here and no model
    changes. Models themselves keep to SQL that both engines share.
-#}

{% macro try_timestamp(value) -%}
    {#- Naive UTC timestamp of a timestamp, a date or ISO 8601 text (`Z` and `+0000` both occur);
        null when it is none. Why here: zones are converted by other functions on other engines. -#}
    {{ return(adapter.dispatch('try_timestamp')(value)) }}
{%- endmacro %}

{% macro duckdb__try_timestamp(value) -%}
    {#- By the count of microseconds: timezone('UTC', ...) is twenty times slower. -#}
    make_timestamp(epoch_us(try_cast({{ value }} as timestamptz)))
{%- endmacro %}

{% macro regex_matches(value, pattern) -%}
    {#- True when the pattern is found anywhere in the text. Why here: a function in DuckDB, an
        operator (rlike) in Spark. -#}
    {{ return(adapter.dispatch('regex_matches')(value, pattern)) }}
{%- endmacro %}

{% macro duckdb__regex_matches(value, pattern) -%}
    regexp_matches({{ value }}, '{{ pattern }}')
{%- endmacro %}

{% macro regex_replace(value, pattern, replacement) -%}
    {#- The text with every match replaced. Why here: DuckDB replaces only the first match unless
        told otherwise, and refers to groups as \1, Spark as $1. -#}
    {{ return(adapter.dispatch('regex_replace')(value, pattern, replacement)) }}
{%- endmacro %}

{% macro duckdb__regex_replace(value, pattern, replacement) -%}
    regexp_replace({{ value }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

{% macro regex_extract(value, pattern, group=1) -%}
    {#- A group of the first match, the empty text when there is none. Why here: escapes of the
        pattern differ. -#}
    {{ return(adapter.dispatch('regex_extract')(value, pattern, group)) }}
{%- endmacro %}

{% macro duckdb__regex_extract(value, pattern, group) -%}
    regexp_extract({{ value }}, '{{ pattern }}', {{ group }})
{%- endmacro %}

{% macro capitalise_words(value) -%}
    {#- The text in lower case with a capital after its start and after every space, hyphen,
        apostrophe and opening bracket. Why here: Spark's initcap knows spaces only, DuckDB has
        list functions instead. -#}
    {{ return(adapter.dispatch('capitalise_words')(value)) }}
{%- endmacro %}

{% macro duckdb__capitalise_words(value) -%}
    array_to_string(
        list_transform(
            regexp_extract_all(lower({{ value }}), '[^ ''’(-]+|[ ''’(-]+'),
            lambda word: upper(word[1]) || word[2:]
        ),
        ''
    )
{%- endmacro %}

{% macro strip_accents(value) -%}
    {#- The text with letters reduced to their base letter (é to e). Why here: no such function in
        Spark, where translate() takes its place. -#}
    {{ return(adapter.dispatch('strip_accents')(value)) }}
{%- endmacro %}

{% macro duckdb__strip_accents(value) -%}
    strip_accents({{ value }})
{%- endmacro %}

{% macro days_between(start, end) -%}
    {#- Whole days from start to end, negative when end is earlier. Why here: date_diff('day', ...)
        against datediff(end, start). -#}
    {{ return(adapter.dispatch('days_between')(start, end)) }}
{%- endmacro %}

{% macro duckdb__days_between(start, end) -%}
    date_diff('day', {{ start }}, {{ end }})
{%- endmacro %}

{% macro hours_between(start, end) -%}
    {#- Hours from start to end as a double, to the second. Why here: engines count seconds between
        timestamps by different functions. -#}
    {{ return(adapter.dispatch('hours_between')(start, end)) }}
{%- endmacro %}

{% macro duckdb__hours_between(start, end) -%}
    (date_diff('second', {{ start }}, {{ end }}) / 3600.0)
{%- endmacro %}

{% macro months_between(start, end) -%}
    {#- Calendar months from the month of start to the month of end. Why here: Spark's
        months_between counts fractions. -#}
    {{ return(adapter.dispatch('months_between')(start, end)) }}
{%- endmacro %}

{% macro duckdb__months_between(start, end) -%}
    date_diff('month', {{ start }}, {{ end }})
{%- endmacro %}

{% macro add_days(day, days) -%}
    {#- The date so many days later. Why here: date + integer against date_add(). -#}
    {{ return(adapter.dispatch('add_days')(day, days)) }}
{%- endmacro %}

{% macro duckdb__add_days(day, days) -%}
    ({{ day }} + cast({{ days }} as integer))
{%- endmacro %}

{% macro add_months(day, months) -%}
    {#- The date so many calendar months later, the last of the month where the day does not exist.
        Why here: interval arithmetic against add_months(). -#}
    {{ return(adapter.dispatch('add_months')(day, months)) }}
{%- endmacro %}

{% macro duckdb__add_months(day, months) -%}
    cast({{ day }} + to_months(cast({{ months }} as integer)) as date)
{%- endmacro %}

{% macro month_start(day) -%}
    {#- First day of the month. Why here: date_trunc returns a timestamp in Spark. -#}
    {{ return(adapter.dispatch('month_start')(day)) }}
{%- endmacro %}

{% macro duckdb__month_start(day) -%}
    cast(date_trunc('month', {{ day }}) as date)
{%- endmacro %}

{% macro month_end(day) -%}
    {#- Last day of the month. Why here: only the name of the function is shared for timestamps. -#}
    {{ return(adapter.dispatch('month_end')(day)) }}
{%- endmacro %}

{% macro duckdb__month_end(day) -%}
    last_day({{ day }})
{%- endmacro %}

{% macro day_series(start, end) -%}
    {#- A list of all dates from start to end, both included, to be unnested. Why here:
        generate_series against sequence. -#}
    {{ return(adapter.dispatch('day_series')(start, end)) }}
{%- endmacro %}

{% macro duckdb__day_series(start, end) -%}
    cast(generate_series(
        cast({{ start }} as timestamp), cast({{ end }} as timestamp), interval 1 day
    ) as date[])
{%- endmacro %}

{% macro text_list(value, order_by, separator=', ') -%}
    {#- Aggregate: the texts of a group joined in a given order. Why here: ordered aggregates are
        written differently (Spark sorts a collected array). -#}
    {{ return(adapter.dispatch('text_list')(value, order_by, separator)) }}
{%- endmacro %}

{% macro duckdb__text_list(value, order_by, separator) -%}
    string_agg({{ value }}, '{{ separator }}' order by {{ order_by }})
{%- endmacro %}

{% macro collect_list(value, order_by) -%}
    {#- Aggregate: the values of a group as a list in a given order. Why here: as for text_list. -#}
    {{ return(adapter.dispatch('collect_list')(value, order_by)) }}
{%- endmacro %}

{% macro duckdb__collect_list(value, order_by) -%}
    {#- An ordered aggregate takes twenty times as long over many small groups. -#}
    list_transform(
        list_sort(list({'place': ({{ order_by }}), 'collected_value': {{ value }}})),
        lambda sorted: sorted.collected_value
    )
{%- endmacro %}

{% macro median_absolute_deviation(value) -%}
    {#- Aggregate: median of the distances to the median. Why here: built in only in DuckDB. -#}
    {{ return(adapter.dispatch('median_absolute_deviation')(value)) }}
{%- endmacro %}

{% macro duckdb__median_absolute_deviation(value) -%}
    mad({{ value }})
{%- endmacro %}

{% macro parquet_files(paths) -%}
    {#- Relation over Parquet files whose columns may differ between files. Why here: a table
        function in DuckDB, a path with mergeSchema in Spark. -#}
    {{ return(adapter.dispatch('parquet_files')(paths)) }}
{%- endmacro %}

{% macro duckdb__parquet_files(paths) -%}
    {%- set literals = [] -%}
    {%- for path in paths -%}
        {%- do literals.append("'" ~ path | replace("'", "''") ~ "'") -%}
    {%- endfor -%}
    {#- Not the key itself: dbt writes the variables that a project reads into its cache. -#}
    {%- if env_var('CUSTOMER360_ENCRYPTED', '') -%}
        {#- One by one: DuckDB 1.5.5 fails on union_by_name over several encrypted files. -#}
        {%- set selects = [] -%}
        {%- for literal in literals -%}
            {%- do selects.append(
                'select * from read_parquet(%s, encryption_config = {footer_key: \'customer360\'})'
                | format(literal)
            ) -%}
        {%- endfor -%}
        ({{ selects | join(' union all by name ') }})
    {%- else -%}
        read_parquet([{{ literals | join(', ') }}], union_by_name = true, hive_partitioning = false)
    {%- endif -%}
{%- endmacro %}

{% macro text_file(path) -%}
    {#- Content of a small text file at compile time, none when there is no such file. Why here:
        files are read by a table function in DuckDB. -#}
    {{ return(adapter.dispatch('text_file')(path)) }}
{%- endmacro %}

{% macro duckdb__text_file(path) -%}
    {%- set literal = "'" ~ path | replace("'", "''") ~ "'" -%}
    {%- if run_query('select count(*) from glob(' ~ literal ~ ')').rows[0][0] == 0 -%}
        {{ return(none) }}
    {%- endif -%}
    {{ return(run_query('select content from read_text(' ~ literal ~ ')').rows[0][0]) }}
{%- endmacro %}

{% macro relation_columns(relation) -%}
    {#- Columns of a relation at compile time: a dictionary of lower-case name to [name, type]. Why
        here: DESCRIBE answers in other columns elsewhere. -#}
    {{ return(adapter.dispatch('relation_columns')(relation)) }}
{%- endmacro %}

{% macro duckdb__relation_columns(relation) -%}
    {%- set columns = {} -%}
    {%- for row in run_query('describe select * from ' ~ relation).rows -%}
        {%- do columns.update({row[0] | lower: [row[0], row[1]]}) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{% macro column_profile(relation, columns) -%}
    {#- A query with one row per column (column_name, row_count, null_count), in one scan of the
        relation. Why here: turning columns into rows is written differently. -#}
    {{ return(adapter.dispatch('column_profile')(relation, columns)) }}
{%- endmacro %}

{% macro duckdb__column_profile(relation, columns) -%}
    select
        unnest(['{{ columns | join("', '") }}']) as column_name,
        row_count,
        unnest([
            {%- for column in columns %}
            row_count - count_{{ loop.index }}{{ ',' if not loop.last }}
            {%- endfor %}
        ]) as null_count
    from (
        select
            count(*) as row_count,
            {%- for column in columns %}
            count({{ column }}) as count_{{ loop.index }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ relation }}
    ) as counted
{%- endmacro %}

{% macro materialized() -%}
    {#- Before a common table expression with an expensive function: computed once, before what
        filters it. Why here: a hint in DuckDB; Spark has none. -#}
    {{ return(adapter.dispatch('materialized')()) }}
{%- endmacro %}

{% macro duckdb__materialized() -%}
    materialized
{%- endmacro %}
