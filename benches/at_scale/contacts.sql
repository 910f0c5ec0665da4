-- Contacts of a year: a customer for every four, a tenth of them by one customer in a hundred of those, some by nobody known.
select
    'k' || cast(id as string) as contact_id,
    case
        when id * 1103515245 % 2147483647 % 20 = 0 then null
        when id * 1103515245 % 2147483647 % 10 = 1
            then 'c' || cast(id * 16807 % 2147483647 % {hundredth} as string)
        else 'c' || cast(id * 22695477 % 2147483647 % {quarter} as string)
    end as customer_id,
    case id * 69621 % 2147483647 % 4 when 0 then 'email' when 1 then 'chat' when 2 then 'phone' else 'social' end as channel,
    case when id * 39373 % 2147483647 % 10 = 0 then null else 'issue ' || cast(id * 39373 % 2147483647 % 10 as string) end as issue_type,
    case when id * 742938285 % 2147483647 % 5 = 0 then 'outbound' else 'inbound' end as direction,
    case id * 950706376 % 2147483647 % 10 when 0 then 'bot' when 1 then 'both' else 'agent' end as handled_by,
    id * 1226874159 % 2147483647 % 100 = 0 as is_test,
    {timestamp} '2025-01-01 00:00:00' + id * 62089911 % 2147483647 % 31536000 * interval '1' second as opened_at,
    case id * 1343714438 % 2147483647 % 7 when 0 then 'open' when 1 then 'waiting' when 2 then 'closed' else 'solved' end as status
from range(0, {rows}) as numbers(id)
