{#-
    Everything that DuckDB and Spark write differently, and nothing else: each expression is a
    dispatched macro, followed by what each engine writes, so that another engine adds its own
    `<engine>__<name>` here and no model changes. Models themselves keep to SQL that both engines
    share. The file is long because it is read from top to bottom by whoever brings an engine.

    The Spark session keeps time in UTC and answers null where a number is divided by zero
    (warehouse/runner/spark_run.py).
-#}

{#- Texts and times. -#}

{% macro try_timestamp(value) -%}
    {#- Naive UTC timestamp of a timestamp, a date or ISO 8601 text (`Z` and `+0000` both occur);
        null when it is none. Why here: zones are converted by other functions on other engines. -#}
    {{ return(adapter.dispatch('try_timestamp')(value)) }}
{%- endmacro %}

{% macro duckdb__try_timestamp(value) -%}
    {#- By the count of microseconds: timezone('UTC', ...) is twenty times slower. -#}
    make_timestamp(epoch_us(try_cast({{ value }} as timestamptz)))
{%- endmacro %}

{% macro spark__try_timestamp(value) -%}
    try_cast(
        regexp_replace(cast({{ value }} as string), '([+-][0-9]{2})([0-9]{2})$', '$1:$2') as timestamp
    )
{%- endmacro %}

{% macro regex_matches(value, pattern) -%}
    {#- True when the pattern is found anywhere in the text. Why here: a function in DuckDB, an
        operator (rlike) in Spark. -#}
    {{ return(adapter.dispatch('regex_matches')(value, pattern)) }}
{%- endmacro %}

{% macro duckdb__regex_matches(value, pattern) -%}
    regexp_matches({{ value }}, '{{ pattern }}')
{%- endmacro %}

{% macro spark__regex_matches(value, pattern) -%}
    ({{ value }} rlike '{{ pattern | replace('\\', '\\\\') }}')
{%- endmacro %}

{% macro regex_replace(value, pattern, replacement) -%}
    {#- The text with every match replaced. Why here: DuckDB replaces only the first match unless
        told otherwise, and refers to groups as \1, Spark as $1. -#}
    {{ return(adapter.dispatch('regex_replace')(value, pattern, replacement)) }}
{%- endmacro %}

{% macro duckdb__regex_replace(value, pattern, replacement) -%}
    regexp_replace({{ value }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

{% macro spark__regex_replace(value, pattern, replacement) -%}
    regexp_replace({{ value }}, '{{ pattern | replace('\\', '\\\\') }}', '{{ replacement | replace("\\", "$") }}')
{%- endmacro %}

{% macro regex_extract(value, pattern, group=1) -%}
    {#- A group of the first match, the empty text when there is none. Why here: escapes of the
        pattern differ. -#}
    {{ return(adapter.dispatch('regex_extract')(value, pattern, group)) }}
{%- endmacro %}

{% macro duckdb__regex_extract(value, pattern, group) -%}
    regexp_extract({{ value }}, '{{ pattern }}', {{ group }})
{%- endmacro %}

{% macro spark__regex_extract(value, pattern, group) -%}
    regexp_extract({{ value }}, '{{ pattern | replace('\\', '\\\\') }}', {{ group }})
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

{% macro spark__capitalise_words(value) -%}
    array_join(
        transform(
            regexp_extract_all(lower({{ value }}), '([^ ''’(-]+|[ ''’(-]+)', 1),
            word -> concat(upper(substr(word, 1, 1)), substr(word, 2))
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

{% macro spark__strip_accents(value) -%}
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

{% macro spark__days_between(start, end) -%}
    cast(datediff({{ end }}, {{ start }}) as bigint)
{%- endmacro %}

{% macro hours_between(start, end) -%}
    {#- Hours from start to end as a double, to the second. Why here: engines count seconds between
        timestamps by different functions. -#}
    {{ return(adapter.dispatch('hours_between')(start, end)) }}
{%- endmacro %}

{% macro duckdb__hours_between(start, end) -%}
    (date_diff('second', {{ start }}, {{ end }}) / 3600.0)
{%- endmacro %}

{% macro spark__hours_between(start, end) -%}
    ((unix_timestamp({{ end }}) - unix_timestamp({{ start }})) / 3600.0D)
{%- endmacro %}

{% macro months_between(start, end) -%}
    {#- Calendar months from the month of start to the month of end. Why here: Spark's
        months_between counts fractions. -#}
    {{ return(adapter.dispatch('months_between')(start, end)) }}
{%- endmacro %}

{% macro duckdb__months_between(start, end) -%}
    date_diff('month', {{ start }}, {{ end }})
{%- endmacro %}

{% macro spark__months_between(start, end) -%}
    (12 * (year({{ end }}) - year({{ start }})) + month({{ end }}) - month({{ start }}))
{%- endmacro %}

{% macro add_days(day, days) -%}
    {#- The date so many days later. Why here: date + integer against date_add(). -#}
    {{ return(adapter.dispatch('add_days')(day, days)) }}
{%- endmacro %}

{% macro duckdb__add_days(day, days) -%}
    ({{ day }} + cast({{ days }} as integer))
{%- endmacro %}

{% macro spark__add_days(day, days) -%}
    date_add({{ day }}, cast({{ days }} as integer))
{%- endmacro %}

{% macro add_months(day, months) -%}
    {#- The date so many calendar months later, the last of the month where the day does not exist.
        Why here: interval arithmetic against add_months(). -#}
    {{ return(adapter.dispatch('add_months')(day, months)) }}
{%- endmacro %}

{% macro duckdb__add_months(day, months) -%}
    cast({{ day }} + to_months(cast({{ months }} as integer)) as date)
{%- endmacro %}

{% macro spark__add_months(day, months) -%}
    add_months({{ day }}, cast({{ months }} as integer))
{%- endmacro %}

{% macro month_start(day) -%}
    {#- First day of the month. Why here: date_trunc returns a timestamp in Spark. -#}
    {{ return(adapter.dispatch('month_start')(day)) }}
{%- endmacro %}

{% macro duckdb__month_start(day) -%}
    cast(date_trunc('month', {{ day }}) as date)
{%- endmacro %}

{% macro spark__month_start(day) -%}
    trunc({{ day }}, 'MM')
{%- endmacro %}

{% macro month_end(day) -%}
    {#- Last day of the month. Why here: only the name of the function is shared for timestamps. -#}
    {{ return(adapter.dispatch('month_end')(day)) }}
{%- endmacro %}

{% macro duckdb__month_end(day) -%}
    last_day({{ day }})
{%- endmacro %}

{% macro spark__month_end(day) -%}
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

{% macro spark__day_series(start, end) -%}
    if(
        cast({{ start }} as date) <= cast({{ end }} as date),
        sequence(cast({{ start }} as date), cast({{ end }} as date), interval 1 day),
        cast(array() as array<date>)
    )
{%- endmacro %}

{#- Lists. -#}

{% macro text_list(value, order_by, separator=', ') -%}
    {#- Aggregate: the texts of a group joined in a given order. Why here: ordered aggregates are
        written differently (Spark sorts a collected array). -#}
    {{ return(adapter.dispatch('text_list')(value, order_by, separator)) }}
{%- endmacro %}

{% macro duckdb__text_list(value, order_by, separator) -%}
    string_agg({{ value }}, '{{ separator }}' order by {{ order_by }})
{%- endmacro %}

{% macro spark__text_list(value, order_by, separator) -%}
    listagg({{ value }}, '{{ separator }}') within group (order by {{ order_by }})
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

{% macro spark__collect_list(value, order_by) -%}
    transform(
        array_sort(collect_list(struct({{ order_by }}, {{ value }} as collected_value))),
        sorted -> sorted.collected_value
    )
{%- endmacro %}

{% macro unnest_list(values) -%}
    {#- One row per element of a list, in the list of columns. Why here: explode() in Spark. -#}
    {{ return(adapter.dispatch('unnest_list')(values)) }}
{%- endmacro %}

{% macro duckdb__unnest_list(values) -%}
    unnest({{ values }})
{%- endmacro %}

{% macro spark__unnest_list(values) -%}
    explode({{ values }})
{%- endmacro %}

{% macro split_words(text) -%}
    {#- The words of a text, between single spaces, as a list. Why here: string_split() against
        split(). -#}
    {{ return(adapter.dispatch('split_words')(text)) }}
{%- endmacro %}

{% macro duckdb__split_words(text) -%}
    string_split({{ text }}, ' ')
{%- endmacro %}

{% macro spark__split_words(text) -%}
    split({{ text }}, ' ')
{%- endmacro %}

{% macro list_length(values) -%}
    {#- Number of elements of a list. Why here: len() against size(). -#}
    {{ return(adapter.dispatch('list_length')(values)) }}
{%- endmacro %}

{% macro duckdb__list_length(values) -%}
    len({{ values }})
{%- endmacro %}

{% macro spark__list_length(values) -%}
    size({{ values }})
{%- endmacro %}

{% macro sorted_text(words) -%}
    {#- The words of a list in alphabetical order, between single spaces. Why here:
        array_to_string() and list_sort() against array_join() and array_sort(). -#}
    {{ return(adapter.dispatch('sorted_text')(words)) }}
{%- endmacro %}

{% macro duckdb__sorted_text(words) -%}
    array_to_string(list_sort({{ words }}), ' ')
{%- endmacro %}

{% macro spark__sorted_text(words) -%}
    array_join(array_sort({{ words }}), ' ')
{%- endmacro %}

{% macro list_places(values) -%}
    {#- The places of a list's elements, from 0, as a list. Why here: range() against
        sequence(). -#}
    {{ return(adapter.dispatch('list_places')(values)) }}
{%- endmacro %}

{% macro duckdb__list_places(values) -%}
    range(len({{ values }}))
{%- endmacro %}

{% macro spark__list_places(values) -%}
    if(size({{ values }}) > 0, sequence(0, size({{ values }}) - 1), cast(array() as array<int>))
{%- endmacro %}

{% macro text_places(text) -%}
    {#- The places of a text's characters, from 0, as a list. Why here: as for list_places. -#}
    {{ return(adapter.dispatch('text_places')(text)) }}
{%- endmacro %}

{% macro duckdb__text_places(text) -%}
    range(length({{ text }}))
{%- endmacro %}

{% macro spark__text_places(text) -%}
    if(length({{ text }}) > 0, sequence(0, length({{ text }}) - 1), cast(array() as array<int>))
{%- endmacro %}

{% macro list_element(values, place) -%}
    {#- The element of a list at a place, from 0. Why here: DuckDB counts from 1. -#}
    {{ return(adapter.dispatch('list_element')(values, place)) }}
{%- endmacro %}

{% macro duckdb__list_element(values, place) -%}
    {{ values }}[{{ place }} + 1]
{%- endmacro %}

{% macro spark__list_element(values, place) -%}
    get({{ values }}, {{ place }})
{%- endmacro %}

{% macro list_total(values) -%}
    {#- Sum of a list of numbers, a double. Why here: list_sum() against aggregate(). -#}
    {{ return(adapter.dispatch('list_total')(values)) }}
{%- endmacro %}

{% macro duckdb__list_total(values) -%}
    list_sum({{ values }})
{%- endmacro %}

{% macro spark__list_total(values) -%}
    aggregate({{ values }}, cast(0 as double), (total, value) -> total + value)
{%- endmacro %}

{#- Numbers. -#}

{% macro spark_median_of_array(sorted) -%}
    {#- Median of an array that is sorted and holds no null. The array gets a name in a lambda: an
    expression that is written several times is computed as often. -#}
    get(
        transform(
            array({{ sorted }}),
            list -> if(
                size(list) = 0,
                cast(null as double),
                (
                    cast(get(list, cast(floor((size(list) - 1) / 2) as int)) as double)
                    + cast(get(list, cast(floor(size(list) / 2) as int)) as double)
                ) / 2
            )
        ),
        0
    )
{%- endmacro %}

{% macro spark_median_absolute_deviation_of_array(sorted) -%}
    {#- Median distance to the median of an array that is sorted and holds no null. -#}
    {%- set distances = 'transform(known, value -> abs(value - median))' -%}
    get(
        transform(
            array({{ sorted }}),
            known -> get(
                transform(
                    array({{ spark_median_of_array('known') }}),
                    median -> {{ spark_median_of_array('array_sort(' ~ distances ~ ')') }}
                ),
                0
            )
        ),
        0
    )
{%- endmacro %}

{% macro median_absolute_deviation(value) -%}
    {#- Aggregate: median of the distances to the median. Why here: built in only in DuckDB. -#}
    {{ return(adapter.dispatch('median_absolute_deviation')(value)) }}
{%- endmacro %}

{% macro duckdb__median_absolute_deviation(value) -%}
    mad({{ value }})
{%- endmacro %}

{% macro spark__median_absolute_deviation(value) -%}
    {{ spark_median_absolute_deviation_of_array('array_sort(collect_list(' ~ value ~ '))') }}
{%- endmacro %}

{% macro number_series(first, last) -%}
    {#- A subquery with one row per whole number (column `number`), both ends included. Why here:
        range() against an exploded sequence(). -#}
    {{ return(adapter.dispatch('number_series')(first, last)) }}
{%- endmacro %}

{% macro duckdb__number_series(first, last) -%}
    (select unnest(range({{ first }}, {{ last }} + 1)) as number)
{%- endmacro %}

{% macro spark__number_series(first, last) -%}
    (select explode(sequence({{ first }}, {{ last }})) as number)
{%- endmacro %}

{% macro grouped_number_text(value) -%}
    {#- A number without decimals and with thousands separators. Why here: format() against
        format_number(). -#}
    {{ return(adapter.dispatch('grouped_number_text')(value)) }}
{%- endmacro %}

{% macro duckdb__grouped_number_text(value) -%}
    format('{:,.0f}', round({{ value }}, 0) + 0.0)
{%- endmacro %}

{% macro spark__grouped_number_text(value) -%}
    format_number(round({{ value }}, 0) + 0.0D, 0)
{%- endmacro %}

{% macro spark_known_values(expressions) -%}
    {#- The expressions that are not null, sorted, as an array. -#}
    array_sort(array_compact(array({{ expressions | join(', ') }})))
{%- endmacro %}

{% macro median_of(expressions) -%}
    {#- Median of several expressions of one row, nulls left out. Why: list functions differ. -#}
    {{ return(adapter.dispatch('median_of')(expressions)) }}
{%- endmacro %}

{% macro duckdb__median_of(expressions) -%}
    list_aggregate([{{ expressions | join(', ') }}], 'median')
{%- endmacro %}

{% macro spark__median_of(expressions) -%}
    {{ spark_median_of_array(spark_known_values(expressions)) }}
{%- endmacro %}

{% macro median_absolute_deviation_of(expressions) -%}
    {#- Median distance of several expressions of one row to their median, nulls left out. Why here:
        list functions differ. -#}
    {{ return(adapter.dispatch('median_absolute_deviation_of')(expressions)) }}
{%- endmacro %}

{% macro duckdb__median_absolute_deviation_of(expressions) -%}
    list_aggregate([{{ expressions | join(', ') }}], 'mad')
{%- endmacro %}

{% macro spark__median_absolute_deviation_of(expressions) -%}
    {{ spark_median_absolute_deviation_of_array(spark_known_values(expressions)) }}
{%- endmacro %}

{% macro percentile(value, fraction) -%}
    {#- Aggregate: the value below which a fraction lies, interpolated, nulls left out. Why here:
        quantile_cont() against percentile(). -#}
    {{ return(adapter.dispatch('percentile')(value, fraction)) }}
{%- endmacro %}

{% macro duckdb__percentile(value, fraction) -%}
    quantile_cont({{ value }}, {{ fraction }})
{%- endmacro %}

{% macro spark__percentile(value, fraction) -%}
    percentile({{ value }}, {{ fraction }})
{%- endmacro %}

{% macro hash_fraction(text) -%}
    {#- A number in [0, 1) that is the same for the same text on every run and machine. Why here:
        hexadecimal text becomes a number by a cast in DuckDB, by conv() in Spark. -#}
    {{ return(adapter.dispatch('hash_fraction')(text)) }}
{%- endmacro %}

{% macro duckdb__hash_fraction(text) -%}
    (cast('0x' || substr(md5({{ text }}), 1, 8) as bigint) / 4294967296.0)
{%- endmacro %}

{% macro spark__hash_fraction(text) -%}
    (cast(conv(substr(md5({{ text }}), 1, 8), 16, 10) as bigint) / 4294967296.0D)
{%- endmacro %}

{% macro lookup_bucket(text) -%}
    {#- The bucket of an id, a number below 2 ^ 24: the first six hexadecimal digits of its MD5.
        Tables that are read by id lie in this order, because DuckDB skips row groups by the first
        eight characters of a text, and all Salesforce ids of an org begin with the same; an index
        would fetch row by row, which takes ten times as long for a customer's events. Why here:
        hexadecimal text becomes a number by a cast in DuckDB, by conv() in Spark. -#}
    {{ return(adapter.dispatch('lookup_bucket')(text)) }}
{%- endmacro %}

{% macro duckdb__lookup_bucket(text) -%}
    cast('0x' || substr(md5({{ text }}), 1, 6) as integer)
{%- endmacro %}

{% macro spark__lookup_bucket(text) -%}
    cast(conv(substr(md5({{ text }}), 1, 6), 16, 10) as int)
{%- endmacro %}

{% macro row_hash(expressions) -%}
    {#- A 64-bit hash of several expressions, the same within a query only. Why here: hash() against
        xxhash64(). -#}
    {{ return(adapter.dispatch('row_hash')(expressions)) }}
{%- endmacro %}

{% macro duckdb__row_hash(expressions) -%}
    hash({{ expressions | join(', ') }})
{%- endmacro %}

{% macro spark__row_hash(expressions) -%}
    xxhash64({{ expressions | join(', ') }})
{%- endmacro %}

{#- Relations and files. -#}

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

{% macro spark__parquet_files(paths) -%}
    {#- One path with alternatives: Spark's SQL takes a single path. -#}
    {%- set directory = paths[0].rsplit('/', 1)[0] -%}
    {%- set names = [] -%}
    {%- for path in paths -%}
        {%- do names.append(path.rsplit('/', 1)[1]) -%}
    {%- endfor -%}
    parquet.`{{ directory }}/{{ '{' ~ names | join(',') ~ '}' }}`
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

{% macro spark__text_file(path) -%}
    {%- set content = 'select cast(content as string) from binaryFile.`' ~ path ~ '`' -%}
    {{ return(run_query(content).rows[0][0]) }}
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

{% macro spark__relation_columns(relation) -%}
    {%- set columns = {} -%}
    {%- for row in run_query('describe query select * from ' ~ relation).rows -%}
        {%- set type = 'VARCHAR' if row[1] == 'string' else row[1] | upper -%}
        {%- do columns.update({row[0] | lower: [row[0], type]}) -%}
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

{% macro spark__column_profile(relation, columns) -%}
    select inline(array(
        {%- for column in columns %}
        struct(
            '{{ column }}' as column_name,
            row_count,
            row_count - count_{{ loop.index }} as null_count
        ){{ ',' if not loop.last }}
        {%- endfor %}
    ))
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

{% macro spark__materialized() -%}
{%- endmacro %}

{% macro is_published_known() -%}
    {#- Whether there is a published warehouse to keep history from; attaches it when needed. -#}
    {{ return(adapter.dispatch('is_published_known')()) }}
{%- endmacro %}

{% macro duckdb__is_published_known() -%}
    {%- if not execute or flags.FULL_REFRESH -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set path = env_var('CUSTOMER360_PUBLISHED_FILE', '') -%}
    {%- set attached -%}
        select count(*) from duckdb_databases() where database_name = 'published'
    {%- endset -%}
    {%- if path and run_query(attached).rows[0][0] == 0 -%}
        {%- do run_query("attach '" ~ path | replace("'", "''") ~ "' as published (read_only)") -%}
    {%- endif -%}
    {%- set scored = "select count(*) from duckdb_tables() where database_name = 'published' "
        ~ "and schema_name = 'gold' and table_name = 'scored_date'" -%}
    {{ return(run_query(scored).rows[0][0] == 1) }}
{%- endmacro %}

{% macro spark__is_published_known() -%}
    {{ return(false) }}
{%- endmacro %}

{#- What the adapters do themselves, amended. -#}

{% macro spark__load_csv_rows(model, agate_table) -%}
    {#- Fills the table of a seed. Why: the adapter's own breaks on an apostrophe. -#}
    {%- set types = model.config.get('column_types', {}) -%}
    {%- for chunk in agate_table.rows | batch(get_batch_size()) -%}
        {%- set tuples = [] -%}
        {%- for row in chunk -%}
            {%- set values = [] -%}
            {%- for column in agate_table.columns -%}
                {%- set value = row[loop.index0] -%}
                {%- set type = types.get(column.name)
                    or adapter.convert_type(agate_table, loop.index0) -%}
                {%- set literal = 'null' if value is none
                    else "'" ~ (value | string | replace("'", "''")) ~ "'" -%}
                {%- do values.append('cast(' ~ literal ~ ' as ' ~ type ~ ')') -%}
            {%- endfor -%}
            {%- do tuples.append('(' ~ values | join(', ') ~ ')') -%}
        {%- endfor -%}
        {%- do adapter.add_query(
            'insert into ' ~ this ~ ' values ' ~ tuples | join(', '), abridge_sql_log=true
        ) -%}
    {%- endfor -%}
    {{ return('') }}
{%- endmacro %}

{% macro duckdb__create_table_as(
    temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none
) -%}
    {#- The adapter's own, but for a table that lies in CUSTOMER360_SPARK_TABLES: what Spark does
    not build (models/serving and models/ops) is built here as always. -#}
    {%- set directory = env_var('CUSTOMER360_SPARK_TABLES', '') -%}
    {%- if directory and not temporary and model.fqn[1] not in ['serving', 'ops'] -%}
        {%- set table = this.schema ~ '.db/' ~ this.identifier -%}
        {%- set files = [directory, table, '*.parquet'] | join('/') -%}
        {%- set quoted = files | replace("'", "''") -%}
        {%- set compiled_code = "select * from read_parquet('" ~ quoted ~ "')" -%}
        {#- The order by which customers are found: files are read in any. -#}
        {%- if 'customer_bucket' in model.columns -%}
            {%- set compiled_code = compiled_code ~ ' order by customer_bucket' -%}
        {%- endif -%}
    {%- endif -%}
    {{ dbt.duckdb__create_table_as(
        temporary, relation, compiled_code, language, partitioned_by, sorted_by
    ) }}
{%- endmacro %}
