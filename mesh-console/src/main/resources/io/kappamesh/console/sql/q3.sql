-- The ten orders of the segment BUILDING that were not shipped by 1995-03-15 and bring most. Customers, orders and lines are of three domains.
SELECT o.order_id AS l_orderkey,
       sum(l.extended_price * (1 - l.discount)) AS revenue,
       o.order_date AS o_orderdate,
       o.ship_priority AS o_shippriority
FROM masterdata.customers AS c
JOIN sales.orders AS o USING (customer_id)
JOIN logistics.shipments AS l USING (order_id)
WHERE c.market_segment = 'BUILDING'
  AND o.order_date < date '1995-03-15'
  AND l.ship_date > date '1995-03-15'
GROUP BY o.order_id, o.order_date, o.ship_priority
ORDER BY revenue DESC, o.order_date
LIMIT 10;
