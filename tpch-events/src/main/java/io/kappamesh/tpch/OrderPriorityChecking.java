package io.kappamesh.tpch;

import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Q4. */
final class OrderPriorityChecking implements QueryAnswers.QueryAnswer {

    private static final LocalDate FIRST_ORDER_DATE = LocalDate.of(1993, 7, 1);
    private static final LocalDate END = FIRST_ORDER_DATE.plusMonths(3);

    // The query counts orders, and an order may have several late lines.
    private final Map<String, Set<String>> orderIds = new HashMap<>();

    @Override
    public void add(Shipment line) {
        LocalDate ordered = line.getOrderDate();
        if (!ordered.isBefore(FIRST_ORDER_DATE)
                && ordered.isBefore(END)
                && line.getCommitDate().isBefore(line.getReceiptDate())) {
            orderIds.computeIfAbsent(line.getOrderPriority(), unseen -> new HashSet<>())
                    .add(line.getOrderId());
        }
    }

    @Override
    public List<Answer.Row> rows() {
        return orderIds.entrySet().stream()
                .map(entry -> new Answer.Row(
                        List.of(entry.getKey()),
                        List.of(BigDecimal.valueOf(entry.getValue().size()))))
                .toList();
    }
}
