-- Cases of a year, one for every five contacts.
select
    'q' || cast(id as string) as case_id,
    case id * 69621 % 2147483647 % 4 when 0 then 'email' when 1 then 'chat' when 2 then 'phone' else 'social' end as channel,
    case id * 39373 % 2147483647 % 3 when 0 then 'emea' when 1 then 'amer' else 'apac' end as team,
    case id * 742938285 % 2147483647 % 6 when 0 then 'enterprise' when 1 then 'premium' else 'standard' end as segment,
    {timestamp} '2025-01-01 00:00:00' + id * 62089911 % 2147483647 % 31536000 * interval '1' second as opened_at,
    case when id * 16807 % 2147483647 % 50 = 0 then 'q0' end as merged_into,
    id * 1226874159 % 2147483647 % 100 = 0 as is_test
from range(0, {fifth}) as numbers(id)
