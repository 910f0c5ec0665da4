-- Surveys of a year, two states of each: as sent, and as answered by most.
select
    's' || cast(id as string) as survey_id,
    revision,
    case id * 69621 % 2147483647 % 4 when 0 then 'email' when 1 then 'chat' when 2 then 'phone' else 'social' end as channel,
    case
        when revision = 1
            then {timestamp} '2025-01-01 01:00:00' + id * 62089911 % 2147483647 % 31536000 * interval '1' second
    end as answered_at,
    {timestamp} '2025-01-01 00:00:00' + (id * 62089911 % 2147483647 % 31536000 + revision * 3600) * interval '1' second as recorded_at,
    case when revision = 1 and id * 39373 % 2147483647 % 9 > 0 then 1 + id * 39373 % 2147483647 % 5 end as rating,
    id * 1226874159 % 2147483647 % 100 = 0 as is_test
from range(0, {half}) as numbers(id)
cross join (values (0), (1)) as states(revision)
where revision = 0 or id * 950706376 % 2147483647 % 3 > 0
