-- Pricing summary of the lines shipped up to 90 days before 1998-12-01.
SELECT return_flag AS l_returnflag,
       line_status AS l_linestatus,
       sum(quantity) AS sum_qty,
       sum(extended_price) AS sum_base_price,
       sum(extended_price * (1 - discount)) AS sum_disc_price,
       sum(extended_price * (1 - discount) * (1 + tax)) AS sum_charge,
       round(avg(quantity), 2) AS avg_qty,
       round(avg(extended_price), 2) AS avg_price,
       round(avg(discount), 2) AS avg_disc,
       count(*) AS count_order
FROM logistics.shipments
WHERE ship_date <= date '1998-12-01' - 90
GROUP BY return_flag, line_status
ORDER BY return_flag, line_status;
