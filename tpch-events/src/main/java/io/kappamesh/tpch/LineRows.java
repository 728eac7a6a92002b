package io.kappamesh.tpch;

import io.trino.tpch.LineItem;
import java.util.Arrays;

/** The order lines, by ascending order key and line number. Days are days since the epoch, prices cents. */
final class LineRows {

    private final Texts shipModeTexts = new Texts();
    private final Texts statusTexts = new Texts();
    private final Texts returnFlagTexts = new Texts();
    private final int[] firstOfOrder;
    private int size;
    private int[] orders = new int[1024];
    private int[] partKeys = new int[1024];
    private int[] supplierKeys = new int[1024];
    private int[] extendedPrices = new int[1024];
    private byte[] quantities = new byte[1024];
    private byte[] discounts = new byte[1024];
    private byte[] taxes = new byte[1024];
    private short[] shipDays = new short[1024];
    private short[] commitDays = new short[1024];
    private short[] receiptDays = new short[1024];
    private byte[] shipModes = new byte[1024];
    private byte[] statuses = new byte[1024];
    private byte[] returnFlags = new byte[1024];

    private LineRows(int orderCount) {
        firstOfOrder = new int[orderCount + 1];
    }

    static LineRows of(Generator generator, OrderRows orderRows) {
        LineRows rows = new LineRows(orderRows.size());
        int order = 0;
        for (LineItem line : generator.lines()) {
            while (orderRows.key(order) != line.getOrderKey()) {
                rows.firstOfOrder[++order] = rows.size;
            }
            rows.add(order, line);
        }
        Arrays.fill(rows.firstOfOrder, order + 1, orderRows.size() + 1, rows.size);
        return rows;
    }

    int size() {
        return size;
    }

    /** The first line of an order; one past the last is the first of the next order. */
    int firstOf(int orderRow) {
        return firstOfOrder[orderRow];
    }

    int order(int row) {
        return orders[row];
    }

    int lineNumber(int row) {
        return row - firstOfOrder[orders[row]] + 1;
    }

    int partKey(int row) {
        return partKeys[row];
    }

    int supplierKey(int row) {
        return supplierKeys[row];
    }

    int quantity(int row) {
        return quantities[row];
    }

    int extendedPriceInCents(int row) {
        return extendedPrices[row];
    }

    int discountPercent(int row) {
        return discounts[row];
    }

    int taxPercent(int row) {
        return taxes[row];
    }

    int shipDay(int row) {
        return shipDays[row];
    }

    int commitDay(int row) {
        return commitDays[row];
    }

    int receiptDay(int row) {
        return receiptDays[row];
    }

    String shipMode(int row) {
        return shipModeTexts.text(shipModes[row]);
    }

    String status(int row) {
        return statusTexts.text(statuses[row]);
    }

    String returnFlag(int row) {
        return returnFlagTexts.text(returnFlags[row]);
    }

    private void add(int order, LineItem line) {
        if (size == orders.length) {
            grow(size + size / 2);
        }
        orders[size] = order;
        partKeys[size] = Math.toIntExact(line.getPartKey());
        supplierKeys[size] = Math.toIntExact(line.getSupplierKey());
        extendedPrices[size] = Math.toIntExact(line.getExtendedPriceInCents());
        quantities[size] = (byte) line.getQuantity();
        discounts[size] = (byte) line.getDiscountPercent();
        taxes[size] = (byte) line.getTaxPercent();
        shipDays[size] = (short) line.getShipDate();
        commitDays[size] = (short) line.getCommitDate();
        receiptDays[size] = (short) line.getReceiptDate();
        shipModes[size] = shipModeTexts.code(line.getShipMode());
        statuses[size] = statusTexts.code(line.getStatus());
        returnFlags[size] = returnFlagTexts.code(line.getReturnFlag());
        size++;
    }

    private void grow(int capacity) {
        orders = Arrays.copyOf(orders, capacity);
        partKeys = Arrays.copyOf(partKeys, capacity);
        supplierKeys = Arrays.copyOf(supplierKeys, capacity);
        extendedPrices = Arrays.copyOf(extendedPrices, capacity);
        quantities = Arrays.copyOf(quantities, capacity);
        discounts = Arrays.copyOf(discounts, capacity);
        taxes = Arrays.copyOf(taxes, capacity);
        shipDays = Arrays.copyOf(shipDays, capacity);
        commitDays = Arrays.copyOf(commitDays, capacity);
        receiptDays = Arrays.copyOf(receiptDays, capacity);
        shipModes = Arrays.copyOf(shipModes, capacity);
        statuses = Arrays.copyOf(statuses, capacity);
        returnFlags = Arrays.copyOf(returnFlags, capacity);
    }
}
