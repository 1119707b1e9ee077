{#- How Spark writes what engine.sql and engine_number.sql dispatch; each macro is described there.
    The session keeps time in UTC and
    answers null where a number is divided by zero. -#}

{% macro spark__try_timestamp(value) -%}
    try_cast(
        regexp_replace(cast({{ value }} as string), '([+-][0-9]{2})([0-9]{2})$', '$1:$2') as timestamp
    )
{%- endmacro %}

{% macro spark__regex_matches(value, pattern) -%}
    ({{ value }} rlike '{{ pattern | replace('\\', '\\\\') }}')
{%- endmacro %}

{% macro spark__regex_replace(value, pattern, replacement) -%}
    regexp_replace({{ value }}, '{{ pattern | replace('\\', '\\\\') }}', '{{ replacement | replace("\\", "$") }}')
{%- endmacro %}

{% macro spark__regex_extract(value, pattern, group) -%}
    regexp_extract({{ value }}, '{{ pattern | replace('\\', '\\\\') }}', {{ group }})
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

{% macro spark__strip_accents(value) -%}
    strip_accents({{ value }})
{%- endmacro %}

{% macro spark__days_between(start, end) -%}
    cast(datediff({{ end }}, {{ start }}) as bigint)
{%- endmacro %}

{% macro spark__hours_between(start, end) -%}
    ((unix_timestamp({{ end }}) - unix_timestamp({{ start }})) / 3600.0D)
{%- endmacro %}

{% macro spark__months_between(start, end) -%}
    (12 * (year({{ end }}) - year({{ start }})) + month({{ end }}) - month({{ start }}))
{%- endmacro %}

{% macro spark__add_days(day, days) -%}
    date_add({{ day }}, cast({{ days }} as integer))
{%- endmacro %}

{% macro spark__add_months(day, months) -%}
    add_months({{ day }}, cast({{ months }} as integer))
{%- endmacro %}

{% macro spark__month_start(day) -%}
    trunc({{ day }}, 'MM')
{%- endmacro %}

{% macro spark__month_end(day) -%}
    last_day({{ day }})
{%- endmacro %}

{% macro spark__day_series(start, end) -%}
    if(
        cast({{ start }} as date) <= cast({{ end }} as date),
        sequence(cast({{ start }} as date), cast({{ end }} as date), interval 1 day),
        cast(array() as array<date>)
    )
{%- endmacro %}

{% macro spark__unnest_list(values) -%}
    explode({{ values }})
{%- endmacro %}

{% macro spark__text_list(value, order_by, separator) -%}
    listagg({{ value }}, '{{ separator }}') within group (order by {{ order_by }})
{%- endmacro %}

{% macro spark__collect_list(value, order_by) -%}
    transform(
        array_sort(collect_list(struct({{ order_by }}, {{ value }} as collected_value))),
        sorted -> sorted.collected_value
    )
{%- endmacro %}

{% macro spark_median_of_array(sorted) -%}
    {#- Median of an array that is sorted and holds no null. -#}
    if(
        size({{ sorted }}) = 0,
        cast(null as double),
        (
            cast(get({{ sorted }}, cast(floor((size({{ sorted }}) - 1) / 2) as int)) as double)
            + cast(get({{ sorted }}, cast(floor(size({{ sorted }}) / 2) as int)) as double)
        ) / 2
    )
{%- endmacro %}

{% macro spark_median_absolute_deviation_of_array(sorted) -%}
    {#- Median distance to the median of an array that is sorted and holds no null. -#}
    {%- set median = spark_median_of_array(sorted) -%}
    {%- set distances = 'transform(' ~ sorted ~ ', value -> abs(value - ' ~ median ~ '))' -%}
    {{- spark_median_of_array('array_sort(' ~ distances ~ ')') -}}
{%- endmacro %}

{% macro spark__median_absolute_deviation(value) -%}
    {{ spark_median_absolute_deviation_of_array('array_sort(collect_list(' ~ value ~ '))') }}
{%- endmacro %}

{% macro spark_known_values(expressions) -%}
    {#- The expressions that are not null, sorted, as an array. -#}
    array_sort(array_compact(array({{ expressions | join(', ') }})))
{%- endmacro %}

{% macro spark__median_of(expressions) -%}
    {{ spark_median_of_array(spark_known_values(expressions)) }}
{%- endmacro %}

{% macro spark__median_absolute_deviation_of(expressions) -%}
    {{ spark_median_absolute_deviation_of_array(spark_known_values(expressions)) }}
{%- endmacro %}

{% macro spark__percentile(value, fraction) -%}
    percentile({{ value }}, {{ fraction }})
{%- endmacro %}

{% macro spark__number_series(first, last) -%}
    (select explode(sequence({{ first }}, {{ last }})) as number)
{%- endmacro %}

{% macro spark__grouped_number_text(value) -%}
    format_number(round({{ value }}, 0) + 0.0D, 0)
{%- endmacro %}

{% macro spark__hash_fraction(text) -%}
    (cast(conv(substr(md5({{ text }}), 1, 8), 16, 10) as bigint) / 4294967296.0D)
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

{% macro spark__text_file(path) -%}
    {%- set content = 'select cast(content as string) from binaryFile.`' ~ path ~ '`' -%}
    {{ return(run_query(content).rows[0][0]) }}
{%- endmacro %}

{% macro spark__relation_columns(relation) -%}
    {%- set columns = {} -%}
    {%- for row in run_query('describe query select * from ' ~ relation).rows -%}
        {%- set type = 'VARCHAR' if row[1] == 'string' else row[1] | upper -%}
        {%- do columns.update({row[0] | lower: [row[0], type]}) -%}
    {%- endfor -%}
    {{ return(columns) }}
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

{% macro spark__is_published_known() -%}
    {{ return(false) }}
{%- endmacro %}

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

{% macro spark__materialized() -%}
{%- endmacro %}

{% macro spark__split_words(text) -%}
    split({{ text }}, ' ')
{%- endmacro %}

{% macro spark__list_length(values) -%}
    size({{ values }})
{%- endmacro %}

{% macro spark__sorted_text(words) -%}
    array_join(array_sort({{ words }}), ' ')
{%- endmacro %}

{% macro spark__list_places(values) -%}
    if(size({{ values }}) > 0, sequence(0, size({{ values }}) - 1), cast(array() as array<int>))
{%- endmacro %}

{% macro spark__text_places(text) -%}
    if(length({{ text }}) > 0, sequence(0, length({{ text }}) - 1), cast(array() as array<int>))
{%- endmacro %}

{% macro spark__list_element(values, place) -%}
    get({{ values }}, {{ place }})
{%- endmacro %}

{% macro spark__list_total(values) -%}
    aggregate({{ values }}, cast(0 as double), (total, value) -> total + value)
{%- endmacro %}

{% macro spark__lookup_bucket(text) -%}
    cast(conv(substr(md5({{ text }}), 1, 6), 16, 10) as int)
{%- endmacro %}

{% macro spark__row_hash(expressions) -%}
    xxhash64({{ expressions | join(', ') }})
{%- endmacro %}
