-- How many percent of the revenue of what was shipped in September 1995 came from promoted parts. Shipments are of order lines, which name the part.
SELECT round(
         100 * coalesce(sum(l.extended_price * (1 - l.discount)) FILTER (WHERE p.type LIKE 'PROMO%'), 0)
           / sum(l.extended_price * (1 - l.discount)),
         13) AS promo_revenue
FROM logistics.shipments AS l
JOIN sales.orders AS o USING (order_id)
CROSS JOIN LATERAL jsonb_array_elements(o.lines) AS line
JOIN masterdata.parts AS p ON p.part_id = line->>'partId'
WHERE (line->>'lineNumber')::int = l.line_number
  AND l.ship_date >= date '1995-09-01'
  AND l.ship_date < date '1995-10-01';
