-- Contacts of a year: a customer for every four, a tenth of them by one in a hundred of those, some by nobody known.
select
    'k' || cast(id as string) as contact_id,
    case
        when id * 1103515245 % 2147483647 % 20 = 0 then null
        when id * 1103515245 % 2147483647 % 10 = 1
            then 'c' || cast(id * 16807 % 2147483647 % {hundredth} as string)
        else 'c' || cast(id * 22695477 % 2147483647 % {quarter} as string)
    end as customer_id,
    ['email', 'chat', 'phone', 'social'][1 + id * 69621 % 2147483647 % 4] as channel,
    ['billing', 'technical', 'sales', 'returns', 'vip', 'business', 'fraud', 'other'][1 + id * 39373 % 2147483647 % 8] as queue,
    case when id * 742938285 % 2147483647 % 5 = 0 then 'outbound' else 'inbound' end as direction,
    id * 1226874159 % 2147483647 % 100 = 0 as is_test,
    ['open', 'waiting', 'closed', 'solved', 'solved', 'solved', 'solved'][1 + id * 1343714438 % 2147483647 % 7] as status,
    timestamp '2025-01-01 00:00:00' + id * 62089911 % 2147483647 % 31536000 * interval '1' second as opened_at,
    id * 950706376 % 2147483647 % 3000 as seconds,
    cast(id * 48271 % 2147483647 % 100000 * 0.01 as decimal(18, 2)) as cost
from range(0, {rows}) as numbers(id)
