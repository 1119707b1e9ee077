-- Who may see which customer, in one place: statements call these macros by name.

-- Whether a caller sees a customer at all: one limited to regions must be allowed all regions of the
-- accounts behind it. A caller without limits has null.
create macro memory.main.may_see(allowed_regions, regions) as
    cast(allowed_regions as varchar[]) is null or list_has_all(allowed_regions, regions);

-- Whether an account counts on its own for a caller: one of no master, or of a master that reaches
-- into regions that the caller may not see.
create macro memory.main.stands_alone(allowed_regions, is_top_level, master_regions) as
    is_top_level
    or (
        cast(allowed_regions as varchar[]) is not null
        and not list_has_all(allowed_regions, master_regions)
    );

-- Whether a customer is among those that lists and sums of a caller are made of: nothing twice.
create macro memory.main.is_listed(allowed_regions, regions, is_top_level, master_regions) as
    memory.main.may_see(allowed_regions, regions)
    and memory.main.stands_alone(allowed_regions, is_top_level, master_regions);

-- Whether a customer is at the stage that was asked for: one stage, `scored` for those that are
-- customers today, or `all`.
create macro memory.main.is_at_stage(stage, lifecycle_stage, is_scored) as
    case stage when 'all' then true when 'scored' then is_scored else lifecycle_stage = stage end;
