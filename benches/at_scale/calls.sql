-- Calls of a year; most are answered, and most of those in twenty seconds.
select
    'l' || cast(id as string) as call_id,
    case id * 69621 % 2147483647 % 3 when 0 then 'service' when 1 then 'sales' else 'technical' end as queue,
    {timestamp} '2025-01-01 00:00:00' + id * 62089911 % 2147483647 % 31536000 * interval '1' second as queued_at,
    cast(id * 39373 % 2147483647 % 30 * (1 + id * 16807 % 2147483647 % 4) as decimal(18, 6)) as wait,
    case id * 950706376 % 2147483647 % 20 when 0 then 'flowed_out' when 1 then 'abandoned' when 2 then 'abandoned' else 'answered' end as outcome,
    id * 1226874159 % 2147483647 % 100 = 0 as is_test
from range(0, {rows}) as numbers(id)
