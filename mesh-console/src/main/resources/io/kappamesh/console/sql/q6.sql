-- What the discounts of 0.05 to 0.07 on fewer than 24 units, shipped in 1994, let off.
SELECT sum(extended_price * discount) AS revenue
FROM logistics.shipments
WHERE ship_date >= date '1994-01-01'
  AND ship_date < date '1995-01-01'
  AND discount BETWEEN 0.05 AND 0.07
  AND quantity < 24;
