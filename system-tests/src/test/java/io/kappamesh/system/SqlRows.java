package io.kappamesh.system;

import io.kappamesh.contracts.logistics.deliveryperformance.v1.DeliveryPerformance;
import io.kappamesh.contracts.sales.dailyrevenue.v1.DailyRevenue;
import io.kappamesh.tpch.Answer;
import io.kappamesh.tpch.TpchDatabase;
import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.List;

/** Rows of product tables, as {@link TpchDatabase} has them. */
final class SqlRows {
    private SqlRows() {}

    static Answer.Row of(DailyRevenue row) {
        return new Answer.Row(
                List.of(row.getOrderDate().toString(), row.getMarketSegment()),
                List.of(
                        BigDecimal.valueOf(row.getOrders()),
                        BigDecimal.valueOf(row.getLines()),
                        row.getGross(),
                        row.getDiscounted(),
                        row.getWithTax()));
    }

    static Answer.Row of(DeliveryPerformance row) {
        return new Answer.Row(
                List.of(
                        row.getShipMode(),
                        row.getOrderPriority(),
                        YearMonth.from(row.getReceiptMonth()).toString()),
                List.of(BigDecimal.valueOf(row.getDelivered()), BigDecimal.valueOf(row.getLate())));
    }
}
