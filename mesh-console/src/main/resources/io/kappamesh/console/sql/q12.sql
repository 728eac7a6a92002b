-- Lines that left in time but came late in 1994 by MAIL and by SHIP, of high and of other priority.
SELECT l.ship_mode AS l_shipmode,
       count(*) FILTER (WHERE o.order_priority IN ('1-URGENT', '2-HIGH')) AS high_line_count,
       count(*) FILTER (WHERE o.order_priority NOT IN ('1-URGENT', '2-HIGH')) AS low_line_count
FROM sales.orders AS o
JOIN logistics.shipments AS l USING (order_id)
WHERE l.ship_mode IN ('MAIL', 'SHIP')
  AND l.commit_date < l.receipt_date
  AND l.ship_date < l.commit_date
  AND l.receipt_date >= date '1994-01-01'
  AND l.receipt_date < date '1995-01-01'
GROUP BY l.ship_mode
ORDER BY l.ship_mode;
