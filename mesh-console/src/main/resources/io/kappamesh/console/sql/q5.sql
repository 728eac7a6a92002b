-- What customers of Asia ordered in 1994 from suppliers of their own nation, by nation. The supplier stands in the lines of an order, which are jsonb.
SELECT n.name AS n_name,
       sum((line->>'extendedPrice')::numeric * (1 - (line->>'discount')::numeric)) AS revenue
FROM sales.orders AS o
CROSS JOIN LATERAL jsonb_array_elements(o.lines) AS line
JOIN masterdata.customers AS c USING (customer_id)
JOIN masterdata.suppliers AS s ON s.supplier_id = line->>'supplierId' AND s.nation_id = c.nation_id
JOIN masterdata.nations AS n ON n.nation_id = s.nation_id
WHERE n.region = 'ASIA'
  AND o.order_date >= date '1994-01-01'
  AND o.order_date < date '1995-01-01'
GROUP BY n.name
ORDER BY revenue DESC;
