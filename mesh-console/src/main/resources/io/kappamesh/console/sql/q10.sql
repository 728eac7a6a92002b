-- The twenty customers whose returns of what they ordered in the last quarter of 1993 cost most.
SELECT c.customer_id AS c_custkey,
       c.name AS c_name,
       sum(l.extended_price * (1 - l.discount)) AS revenue,
       c.account_balance AS c_acctbal,
       n.name AS n_name,
       c.address AS c_address,
       c.phone AS c_phone,
       c.comment AS c_comment
FROM masterdata.customers AS c
JOIN masterdata.nations AS n USING (nation_id)
JOIN sales.orders AS o USING (customer_id)
JOIN logistics.shipments AS l USING (order_id)
WHERE o.order_date >= date '1993-10-01'
  AND o.order_date < date '1994-01-01'
  AND l.return_flag = 'R'
GROUP BY c.customer_id, c.name, c.account_balance, n.name, c.address, c.phone, c.comment
ORDER BY revenue DESC
LIMIT 20;
