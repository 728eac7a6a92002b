-- Orders of the third quarter of 1993 with a line that came late, by priority. The orders are those of sales, the lines those of logistics.
SELECT order_priority AS o_orderpriority, count(*) AS order_count
FROM sales.orders AS o
WHERE order_date >= date '1993-07-01'
  AND order_date < date '1993-10-01'
  AND EXISTS (SELECT FROM logistics.shipments AS l WHERE l.order_id = o.order_id AND l.commit_date < l.receipt_date)
GROUP BY order_priority
ORDER BY order_priority;
