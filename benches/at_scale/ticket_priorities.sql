-- The priority that each case is opened with, and another one that every fifth is given a day later.
select
    'p' || cast(id as string) || '-' || cast(step as string) as event_id,
    'q' || cast(id as string) as ticket_id,
    {timestamp} '2025-01-01 00:00:00' + (id * 62089911 % 2147483647 % 31536000 + step * 86400) * interval '1' second as happened_at,
    case (id * 1343714438 % 2147483647 + step) % 4 when 0 then 'low' when 1 then 'high' when 2 then 'urgent' else 'normal' end as priority
from range(0, {fifth}) as numbers(id)
cross join (values (0), (1)) as steps(step)
where step = 0 or id * 950706376 % 2147483647 % 5 = 0
