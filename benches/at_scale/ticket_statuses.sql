-- Each case is opened, waits for its customer, is worked on again and, but for one in eight, solved: within a week.
select
    't' || cast(id as string) || '-' || cast(step as string) as event_id,
    'q' || cast(id as string) as ticket_id,
    {timestamp} '2025-01-01 00:00:00'
        + (id * 62089911 % 2147483647 % 31536000 + step * (id * 16807 % 2147483647 % 200000)) * interval '1' second as happened_at,
    case step when 0 then 'open' when 1 then 'pending' when 2 then 'open' else 'solved' end as status
from range(0, {fifth}) as numbers(id)
cross join (values (0), (1), (2), (3)) as steps(step)
where step < 3 or id * 950706376 % 2147483647 % 8 > 0
